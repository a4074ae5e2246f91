// A list of orders with what is wrong with each, and what staff can do about it.

import { act, ACTIONS, AGAIN, KEEP, RETRY } from "./actions.js";
import { ask } from "./api.js";
import { isFramed, openAddress, openPath } from "./dashboard.js";
import { announce, el, link, time } from "./elements.js";
import { pagedList } from "./paged_list.js";
import { whileBusy } from "./press.js";

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
  const onChosen = (action) => async (orders) => (await actOn(action, orders, "", tell)) && list.chooseNone();
  const list = pagedList({
    name: "orders",
    actions: [
      ["Retry selected", onChosen(RETRY)],
      ["Send selected again", onChosen(AGAIN)],
      ["Keep selected from Picqer", onChosen(KEEP)],
    ],
    read: async (page) => (await ask(ORDERS, { ...wanted, ...page })).picqerOrders,
    row: (order, boxFor) => row(order, boxFor, tell),
    fail: tell.fail,
  });
  await list.begin();
  return list.renewable(el("div", {}, list.bar, list.rows, list.more));
}

// Returns whether Saleor answered.
async function actOn(action, orders, name, { fail, changed }) {
  try {
    announce(name + (await act(action, orders)));
    await changed();
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

function row(order, boxFor, tell) {
  const name = `Order ${order.number || "deleted in Saleor"}`;
  const buttons = order.actions.map((offered) => {
    const action = ACTIONS[offered];
    const click = ({ target }) => whileBusy(target, () => actOn(action, [order.orderId], `${name}: `, tell));
    const id = `${action.field}-${order.orderId}`;
    const classes = action === KEEP ? "quiet" : null;
    // A screen reader that goes from button to button has to hear which order it is.
    const label = `${action.label}: ${name}`;
    return el("button", { type: "button", id, class: classes, "aria-label": label, click }, action.label);
  });
  const box = boxFor(order.orderId, name);
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
