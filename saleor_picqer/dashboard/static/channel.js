// One channel: orders by stage, what stops orders, the last sync, and signs of life.

import { causeList, MOST_CAUSES } from "./causes.js";
import { deliveryList } from "./deliveries.js";
import { doctorLink } from "./doctor_link.js";
import { el } from "./elements.js";
import { folded } from "./folded.js";
import { alarmList, health } from "./health.js";
import { RECONCILE, reconcileSection } from "./reconcile.js";
import { shippingMethods } from "./setup_shipping.js";
import { RUN, syncSection } from "./sync.js";

// The fields of a channel. Those that the person may not read are null.
export const CHANNEL = `
  slug active setUpSteps
  orders { stage count }
  causes(first: ${MOST_CAUSES}) { text count since retryable skippable }
  status {
    alarms { key message advice since } events { status count } lastSweep lastDelivery
    webhooks { alive checkedAt wrongSince problem } budget { limit remaining pausedSeconds }
    stockDrift { count repaired checkedAt } lastRun { ${RUN} } reconciles(first: 1) { ${RECONCILE} }
  }
`;
const STAGES = {
  PENDING: "waiting",
  CREATING: "being sent",
  CREATED: "concept in Picqer",
  ALLOCATED: "concept in Picqer, stock reserved",
  PROCESSED: "in the warehouse",
  REOPENED: "reopened in Picqer",
  COMPLETED: "shipped",
  CANCELLED: "cancelled in Picqer",
  FAILED: "given up",
  SKIPPED: "not for Picqer",
};

export function channelSection(channel, { fail, changed, setUp }) {
  const { slug, active, setUpSteps } = channel;
  const title = `channel-${slug}`;
  const tell = { fail, changed };
  return el(
    "section",
    { "aria-labelledby": title, class: "channel" },
    el("h2", { id: title }, slug, el("span", { class: active ? "good" : "bad" }, active ? " connected" : " not connected")),
    setUpSteps && setUpButton(slug, setUpSteps, title, setUp),
    ...(isNew(channel) ? [] : state(channel, tell)),
  );
}

// A channel that has never been connected has nothing to show but the way to its set-up.
function isNew({ setUpSteps, status, orders: counts }) {
  return Boolean(setUpSteps?.includes("CONNECT") && !status?.lastRun && !counts?.length);
}

function state(channel, tell) {
  const { slug, active, status } = channel;
  return [
    status && alarmList(status.alarms),
    orders(channel),
    channel.causes && causeList(slug, channel.causes, tell),
    status && syncSection(slug, active, status.lastRun, tell),
    status && reconcileSection(slug, active, status.reconciles[0], tell),
    status && health(slug, status, tell),
    channel.setUpSteps && methods(slug, tell),
    channel.orders && deliveries(slug, status, tell),
    status && doctorLink(slug),
  ];
}

function setUpButton(slug, steps, title, setUp) {
  const classes = steps.length ? null : "quiet";
  const button = el("button", { type: "button", id: `set-up-${slug}`, class: classes, "aria-describedby": title, click: () => setUp(slug) }, steps.length ? "Set up" : "Settings");
  return el("p", {}, button, steps.length > 0 && ` ${steps.length} of 3 steps to do`);
}

function orders({ orders: counts }) {
  if (!counts) return el("p", { class: "quiet-text" }, "You may not see the orders of this channel.");
  if (!counts.length) return el("p", {}, "No order has gone to Picqer yet.");
  const terms = counts.map(({ stage, count }) => el("div", {}, el("dt", {}, STAGES[stage] ?? stage), el("dd", {}, count)));
  return el("dl", { class: "counts", "aria-label": "Orders by stage" }, terms);
}

// The deliveries are read once somebody unfolds them.
function deliveries(channel, status, tell) {
  const read = () => deliveryList({ channel }, tell);
  const state = status && JSON.stringify([status.lastDelivery, status.events]);
  return folded(`deliveries-${channel}`, "Deliveries from Picqer", read, { fail: tell.fail, keep: "always", state });
}

// Open from the beginning, so that a method is marked with one click.
function methods(channel, tell) {
  const read = () => shippingMethods(channel, tell);
  return folded(`methods-${channel}`, "Shipping methods", read, { fail: tell.fail, keep: "always", open: true });
}
