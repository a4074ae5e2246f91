// Where one order is, or why it is not sent: the card on the order and the pop-up in its menu.

import { act, RETRY, SEND } from "./actions.js";
import { ask } from "./api.js";
import { followHeight, isFramed, openAddress, refreshOrder } from "./dashboard.js";
import { announce, el, link, show, time } from "./elements.js";
import { begin, explain, parameter, say } from "./session.js";

const QUESTION = `query ($order: ID!) {
  picqerOrder(order: $order) {
    code title advice details until
    record { picqerNumber picqerUrl lastError }
    order { fulfillments { status trackingNumber } }
  }
}`;
// What helps, by the code of the explanation.
const ACTIONS = {
  FAILED: RETRY,
  POSTPONED: RETRY,
  METHOD_NOT_HANDLED: SEND,
  PLACED_TOO_EARLY: SEND,
  SKIPPED: SEND,
  SKIPPED_BY_STAFF: SEND,
  WAITS_FOR_CONFIRMATION: SEND,
  WAITS_FOR_PAYMENT: SEND,
  IN_OTHER_ACCOUNT: SEND,
};
// A worker has the order, or gets it soon.
const UNDER_WAY = ["DUE", "BUSY"];
const NEEDS = "Picqer's page of an order needs the permission \"Manage orders\". An administrator can grant it to you.";
// Milliseconds between two looks at an order that is under way, and how many there are.
const PAUSE = 2000;
const LOOKS = 15;

const order = parameter("orderId");
const open = isFramed() ? openAddress : null;

begin(() => refresh(LOOKS), NEEDS);
if (document.documentElement.dataset.view === "card") followHeight();

async function refresh(looks) {
  try {
    const { picqerOrder: found } = await ask(QUESTION, { order });
    if (!found) return say("Picqer does not know this order", "It is no order of the shop, or of a channel that you may not see.");
    render(found);
    if (UNDER_WAY.includes(found.code) && looks > 0) setTimeout(() => refresh(looks - 1), PAUSE);
  } catch (error) {
    explain(error, NEEDS);
  }
}

function render(found) {
  const { record } = found;
  const number = record?.picqerNumber;
  const action = ACTIONS[found.code];
  show(
    el("h1", { tabindex: -1 }, found.title),
    number && el("p", {}, "Order ", link(number, record.picqerUrl, open), " in Picqer"),
    found.details.map((text) => el("p", {}, text)),
    found.advice && el("p", { class: "advice" }, found.advice),
    found.until && el("p", {}, "The plugin goes on at ", time(found.until), "."),
    action && el("p", {}, el("button", { click: (event) => press(action, event.target) }, action.label)),
    parcels(found.order?.fulfillments ?? []),
  );
}

function parcels(fulfillments) {
  const sent = fulfillments.filter((one) => one.status !== "CANCELED");
  const codes = sent.map((one) => one.trackingNumber).filter(Boolean);
  if (!codes.length) return null;
  const items = codes.map((code) => el("li", {}, link(code, code, open)));
  return el("section", { "aria-label": "Parcels" }, el("h2", {}, "Parcels"), el("ul", {}, items));
}

async function press(action, button) {
  button.disabled = true;
  announce("");
  try {
    announce(await act(action, [order]));
    refreshOrder();
    await refresh(LOOKS);
    document.querySelector("h1").focus();
  } catch (error) {
    button.disabled = false;
    explain(error, NEEDS);
  }
}
