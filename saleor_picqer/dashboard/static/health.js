// Alarms, and signs of life: webhooks, workers, Picqer's rate limit and stock.

import { connectionTest } from "./connection_test.js";
import { EVENT_STATES } from "./delivery_filter.js";
import { el, time } from "./elements.js";

// Minutes after which a sweeper that runs every minute is late.
const LATE = 5;

export function alarmList(alarms) {
  if (!alarms?.length) return null;
  const items = alarms.map(({ message, advice, since }) =>
    el("li", {}, el("p", { class: "bad" }, message), el("p", { class: "advice" }, advice, since && [" Since ", time(since), "."])),
  );
  return el("ul", { class: "rows", "aria-label": "Alarms" }, items);
}

export function health(channel, status, tell) {
  const title = `health-${channel}`;
  const lines = [webhooks(status.webhooks), deliveries(status), workers(status.lastSweep), budget(status.budget), drift(status.stockDrift)];
  return el("section", { "aria-labelledby": title }, el("h3", { id: title }, "Signs of life"), lines, connectionTest(channel, tell));
}

function webhooks(found) {
  if (!found) return line(false, "Webhooks: not registered in Picqer. Save valid settings with the plugin switched on.");
  const { alive, checkedAt, wrongSince, problem } = found;
  if (alive) return line(true, "Webhooks: all active in Picqer, checked ", time(checkedAt), ".");
  const since = wrongSince ? [" Not as they should be since ", time(wrongSince), "."] : "";
  return line(false, "Webhooks: not known to be active.", since, problem && ` ${problem}`, " The plugin tries again by itself.");
}

function deliveries({ lastDelivery, events }) {
  const counts = events.map(({ status, count }) => `${count} ${EVENT_STATES[status] ?? status}`).join(", ");
  if (!lastDelivery) return line(true, "Deliveries from Picqer: none yet.");
  return line(true, "Deliveries from Picqer: the last ", time(lastDelivery), ". ", counts, ".");
}

function workers(lastSweep) {
  const isLate = !lastSweep || Date.now() - new Date(lastSweep) > LATE * 60_000;
  if (!isLate) return line(true, "Worker and celery beat: alive, the last sweep ", time(lastSweep), ".");
  const when = lastSweep ? ["The last sweep was ", time(lastSweep), "."] : "The sweeper has never run.";
  return line(false, when, " Check that Celery's workers and celery beat run.");
}

function budget(found) {
  if (!found) return line(true, "Picqer's rate limit: not known, as nothing was sent within the last hour.");
  const { limit, remaining, pausedSeconds } = found;
  const pause = pausedSeconds ? ` All requests wait for ${pausedSeconds} s.` : "";
  return line(!pausedSeconds, `Picqer's rate limit: ${remaining} of ${limit} requests a minute left.${pause}`);
}

function drift(found) {
  if (!found) return line(true, "Stock: not compared yet.");
  const { count, repaired, checkedAt } = found;
  if (!count) return line(true, "Stock: as last read from Picqer, compared ", time(checkedAt), ".");
  const what = repaired ? "differed, and were repaired," : "differ:";
  return line(repaired, `Stock: ${count} stocks in Saleor ${what} compared `, time(checkedAt), ".");
}

function line(isGood, ...content) {
  return el("p", { class: isGood ? "quiet-text" : "bad" }, ...content);
}
