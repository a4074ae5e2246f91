// Where one order is, or why it is not sent: the card on the order and the pop-up in its menu.

import { act, ACTIONS, SEND } from "./actions.js";
import { ask } from "./api.js";
import { followHeight, isFramed, openAddress, refreshOrder } from "./dashboard.js";
import { deliveryList } from "./deliveries.js";
import { announce, el, link, time } from "./elements.js";
import { folded } from "./folded.js";
import { whileBusy } from "./press.js";
import { redraw } from "./redraw.js";
import { begin, explain, parameter, say } from "./session.js";

const QUESTION = `query ($order: ID!) {
  picqerOrder(order: $order) {
    code title advice details until
    record {
      picqerNumber picqerUrl picqerStatus statusPage lastError actions failedAttempts { at error }
    }
    parcels { carrier code link }
  }
}`;
// Orders that staff can send all the same, by the code of the explanation.
const SENDABLE = [
  "METHOD_NOT_HANDLED",
  "PLACED_TOO_EARLY",
  "SKIPPED",
  "SKIPPED_BY_STAFF",
  "WAITS_FOR_CONFIRMATION",
  "WAITS_FOR_PAYMENT",
  "IN_OTHER_ACCOUNT",
];
// Where the order is in Picqer, after its number.
const PLACES = { CONCEPT: "a concept", PROCESSED: "being picked", COMPLETED: "shipped", CANCELLED_IN_PICQER: "cancelled" };
const STATUSES = { paused: "paused", expected: "expected" };
// What stands before the reason; the title says the rest.
const STOPPED = { POSTPONED: "Waiting", DUE: "Waiting", FAILED: "Stopped" };
const NOT_SENT = ["METHOD_NOT_HANDLED", "PLACED_TOO_EARLY", "SKIPPED", "SKIPPED_BY_STAFF"];
const WAITING = ["WAITS_FOR_CONFIRMATION", "WAITS_FOR_PAYMENT", "PICQER_SILENT"];
// A worker has the order, or gets it soon.
const UNDER_WAY = ["DUE", "BUSY"];
// The channel sends nothing before its settings are mended.
const STANDS_STILL = ["BUSY", "NOT_SET_UP", "SWITCHED_OFF", "INVALID_SETTINGS", "COPIED_DATABASE"];
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
  const action = actionFor(found);
  const place = inPicqer(found);
  const content = [
    el("h1", { tabindex: -1 }, place ?? headline(found)),
    details(found).map((text) => el("p", {}, text)),
    !place && found.record?.picqerNumber && el("p", {}, "In Picqer as ", remote(found.record), "."),
    found.record?.statusPage && el("p", {}, link("Page for the customer", found.record.statusPage, open)),
    found.advice && el("p", { class: "advice" }, found.advice),
    found.until && el("p", {}, "The plugin goes on at ", time(found.until), "."),
    action && el("p", {}, button(action)),
    parcels(found.parcels),
    history(found.record?.failedAttempts ?? []),
    found.record?.picqerNumber && folded("deliveries", "Deliveries from Picqer", () => deliveryList({ order }, { fail }), { fail, keep: "always" }),
  ];
  redraw(content);
}

function actionFor({ code, record }) {
  if (SENDABLE.includes(code)) return SEND;
  const offered = record?.actions.find((one) => one !== "SKIP");
  return STANDS_STILL.includes(code) ? null : ACTIONS[offered];
}

// "In Picqer as O2026-1002, being picked", or null for an order that is not there.
function inPicqer({ code, record }) {
  if (!record?.picqerNumber || !PLACES[code]) return null;
  const place = (code === "PROCESSED" && STATUSES[record.picqerStatus]) || PLACES[code];
  return ["In Picqer as ", remote(record), `, ${place}`];
}

function remote({ picqerNumber, picqerUrl }) {
  return link(picqerNumber, picqerUrl, open);
}

function headline({ code, title, record }) {
  if (STOPPED[code] && record?.lastError) return `${STOPPED[code]}: ${record.lastError}`;
  if (NOT_SENT.includes(code)) return `Not sent: ${title}`;
  return WAITING.includes(code) ? `Waiting: ${title}` : title;
}

// Without what the headline and the links say.
function details({ code, details: texts, record }) {
  if (!record) return texts;
  const { picqerNumber, picqerStatus, statusPage, lastError } = record;
  const said = [`Number in Picqer: ${picqerNumber}.`, `Status in Picqer: ${picqerStatus}.`, `Status page: ${statusPage}`];
  if (STOPPED[code]) said.push(lastError);
  return texts.filter((text) => !said.includes(text));
}

function parcels(found) {
  if (!found.length) return null;
  const items = found.map(({ carrier, code, link: address }) =>
    el("li", {}, carrier && `${carrier} `, link(code || "Track the parcel", address || code, open)),
  );
  return el("section", { "aria-label": "Parcels" }, el("h2", {}, "Parcels"), el("ul", {}, items));
}

function history(attempts) {
  if (!attempts.length) return null;
  const summary = attempts.length === 1 ? "1 failed attempt" : `${attempts.length} failed attempts`;
  const items = attempts.map(({ at, error }) => el("li", {}, time(at), ` ${error}`));
  return el("details", { id: "attempts" }, el("summary", {}, summary), el("ul", {}, items));
}

function fail(error) {
  explain(error, NEEDS);
}

function button(action) {
  const click = ({ target }) => whileBusy(target, () => press(action));
  return el("button", { type: "button", id: action.field, click }, action.label);
}

async function press(action) {
  announce("");
  try {
    announce(await act(action, [order]));
    refreshOrder();
    await refresh(LOOKS);
  } catch (error) {
    explain(error, NEEDS);
  }
}
