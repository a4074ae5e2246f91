// Alarms, and signs of life: webhooks from Picqer, and the sweeper that finds what no hook told of.

import { el, time } from "./elements.js";

// Minutes after which a sweeper that runs every minute is late.
const LATE = 5;
const STATES = {
  RECEIVED: "waiting",
  HANDLING: "being handled",
  DONE: "handled",
  IGNORED: "of no concern",
  FAILED: "given up",
};

export function alarmList(alarms) {
  if (!alarms?.length) return null;
  const items = alarms.map(({ message, advice, since }) =>
    el("li", {}, el("p", { class: "bad" }, message), el("p", { class: "advice" }, advice, " Since ", time(since), ".")),
  );
  return el("ul", { class: "rows", "aria-label": "Alarms" }, items);
}

export function health({ events, lastSweep }) {
  const counts = events.map(({ status, count }) => `${count} ${STATES[status] ?? status}`).join(", ");
  return el(
    "section",
    { "aria-label": "Signs of life" },
    el("p", { class: "quiet-text" }, "Webhooks from Picqer: ", counts || "none yet", "."),
    sweep(lastSweep),
  );
}

function sweep(moment) {
  const isLate = !moment || Date.now() - new Date(moment) > LATE * 60_000;
  if (!isLate) return el("p", { class: "quiet-text" }, "Last sweep: ", time(moment), ".");
  return el(
    "p",
    { class: "bad" },
    moment ? ["The last sweep was ", time(moment), "."] : "The sweeper has never run.",
    " Check that Celery's workers and celery beat run.",
  );
}
