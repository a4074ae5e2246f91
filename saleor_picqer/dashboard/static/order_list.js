// A list of orders with what is wrong with each, and what staff can do about it.

import { act, ACTIONS, AGAIN, KEEP, RETRY } from "./actions.js";
import { ask } from "./api.js";
import { choice } from "./choice.js";
import { isFramed, openAddress, openPath } from "./dashboard.js";
import { announce, el, link, time } from "./elements.js";

const PAGE = 20;
const ORDERS = `query ($channel: String, $cause: String, $first: Int!, $after: String) {
  picqerOrders(channel: $channel, cause: $cause, first: $first, after: $after) {
    edges { cursor node {
      orderId number picqerNumber picqerUrl attention lastError updatedAt actions
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

// Returns the orders that a cause stops, a page at a time. `fail` is told of later errors, `changed`
// after an action.
export async function orderList(wanted, tell) {
  const rows = el("ul", { class: "rows" });
  const more = el("button", { type: "button", class: "quiet" }, "Show more");
  const chosen = choice("orders", [
    ["Retry selected", (orders) => actOn(RETRY, orders, "", tell)],
    ["Send selected again", (orders) => actOn(AGAIN, orders, "", tell)],
    ["Keep selected from Picqer", (orders) => actOn(KEEP, orders, "", tell)],
  ]);
  let after = null;
  const load = async () => {
    const { edges, pageInfo } = (await ask(ORDERS, { ...wanted, first: PAGE, after })).picqerOrders;
    rows.append(...edges.map(({ node }) => row(node, chosen, tell)));
    after = pageInfo.endCursor;
    more.hidden = !pageInfo.hasNextPage;
  };
  more.addEventListener("click", () => load().catch(tell.fail));
  await load();
  return el("div", {}, chosen.bar, rows, el("p", {}, more));
}

async function actOn(action, orders, name, { fail, changed }) {
  try {
    announce(name + (await act(action, orders)));
    changed();
  } catch (error) {
    fail(error);
  }
}

function row(order, chosen, tell) {
  const name = `Order ${order.number || "deleted in Saleor"}`;
  const buttons = order.actions.map((offered) => {
    const action = ACTIONS[offered];
    const click = async ({ target }) => {
      target.disabled = true;
      await actOn(action, [order.orderId], `${name}: `, tell);
      target.disabled = false;
    };
    const classes = action === KEEP ? "quiet" : null;
    // A screen reader that goes from button to button has to hear which order it is.
    const label = `${action.label}: ${name}`;
    return el("button", { type: "button", class: classes, "aria-label": label, click }, action.label);
  });
  const box = chosen.boxFor(order.orderId, name);
  return el(
    "li",
    {},
    el("p", {}, box, " ", saleorLink(name, order.orderId), remote(order), el("span", { class: "quiet-text" }, " ", time(order.updatedAt))),
    order.attention && order.lastError !== order.attention && el("p", {}, order.lastError),
    el("p", { class: "buttons" }, buttons),
  );
}

function remote({ picqerNumber, picqerUrl }) {
  return picqerNumber && [", in Picqer ", link(picqerNumber, picqerUrl, isFramed() ? openAddress : null)];
}

// A link to the order's page in the dashboard, where there is one.
export function saleorLink(text, id) {
  if (!isFramed()) return el("strong", {}, text);
  const click = () => openPath(`/orders/${encodeURIComponent(id)}`);
  return el("button", { type: "button", class: "link", click }, text);
}
