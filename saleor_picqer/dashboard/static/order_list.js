// A list of orders with what is wrong with each, and what staff can do about it.

import { act, KEEP, RETRY } from "./actions.js";
import { ask } from "./api.js";
import { isFramed, openAddress, openPath } from "./dashboard.js";
import { announce, el, link, time } from "./elements.js";

const PAGE = 20;
const ORDERS = `query ($channel: String, $cause: String, $first: Int!, $after: String) {
  picqerOrders(channel: $channel, cause: $cause, first: $first, after: $after) {
    edges { cursor node {
      orderId number picqerNumber picqerUrl attention lastError updatedAt
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

// Returns the orders that a cause stops, a page at a time. `fail` is told of later errors, `changed`
// after an action.
export async function orderList(wanted, { fail, changed }) {
  const rows = el("ul", { class: "rows" });
  const more = el("button", { type: "button", class: "quiet" }, "Show more");
  let after = null;
  const load = async () => {
    const { edges, pageInfo } = (await ask(ORDERS, { ...wanted, first: PAGE, after })).picqerOrders;
    rows.append(...edges.map(({ node }) => row(node, { fail, changed })));
    after = pageInfo.endCursor;
    more.hidden = !pageInfo.hasNextPage;
  };
  more.addEventListener("click", () => load().catch(fail));
  await load();
  return el("div", {}, rows, el("p", {}, more));
}

function row(order, { fail, changed }) {
  const name = `Order ${order.number || "deleted in Saleor"}`;
  const buttons = [RETRY, KEEP].map((action) => {
    const click = async ({ target }) => {
      target.disabled = true;
      try {
        announce(`${name}: ${await act(action, [order.orderId])}`);
        changed();
      } catch (error) {
        target.disabled = false;
        fail(error);
      }
    };
    const classes = action === RETRY ? null : "quiet";
    // A screen reader that goes from button to button has to hear which order it is.
    const label = `${action.label}: ${name}`;
    return el("button", { type: "button", class: classes, "aria-label": label, click }, action.label);
  });
  return el(
    "li",
    {},
    el("p", {}, saleorLink(name, order.orderId), remote(order), el("span", { class: "quiet-text" }, " ", time(order.updatedAt))),
    order.attention && order.lastError !== order.attention && el("p", {}, order.lastError),
    el("p", { class: "buttons" }, buttons),
  );
}

function remote({ picqerNumber, picqerUrl }) {
  return picqerNumber && [", in Picqer ", link(picqerNumber, picqerUrl, isFramed() ? openAddress : null)];
}

function saleorLink(text, id) {
  if (!isFramed()) return el("strong", {}, text);
  const click = () => openPath(`/orders/${encodeURIComponent(id)}`);
  return el("button", { type: "button", class: "link", click }, text);
}
