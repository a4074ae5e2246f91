// The comparison of open orders, stock and webhooks with Picqer: first listed, then repaired.

import { orderCount } from "./actions.js";
import { ask } from "./api.js";
import { announce, el, time } from "./elements.js";
import { folded } from "./folded.js";
import { saleorLink } from "./order_list.js";
import { whileBusy } from "./press.js";

export const RECONCILE = `id cause apply status compared found repaired
  counts { kind count text } problem queuedAt finishedAt`;
const START = `mutation ($channel: String, $apply: Boolean) {
  picqerReconcile(channel: $channel, apply: $apply) { run { status } errors { message } }
}`;
const DIFFERENCES = `query ($channel: String) {
  picqerStatus(channel: $channel) { reconciles(first: 1) { found differences {
    kind orderId number detail repaired
  } } }
}`;
const STATES = { QUEUED: "waits for a worker", RUNNING: "is running", DONE: "is done", FAILED: "failed" };

export function reconcileSection(channel, active, run, tell) {
  const title = `reconcile-${channel}`;
  const isRepairable = run?.status === "DONE" && !run.apply && run.found > 0;
  return el(
    "section",
    { "aria-labelledby": title },
    el("h3", { id: title }, "Differences from Picqer"),
    run ? lastRun(run, title, channel, tell) : el("p", {}, "Open orders, stock and webhooks were not compared yet."),
    active &&
      el(
        "p",
        { class: "buttons" },
        button("Compare with Picqer", false, title, channel, tell),
        isRepairable && button("Repair", true, title, channel, tell),
      ),
  );
}

function button(label, apply, title, channel, { fail, changed }) {
  const begin = async () => {
    try {
      const { errors } = (await ask(START, { channel, apply })).picqerReconcile;
      announce(errors.map((one) => one.message).join(" ") || `${label}: ${channel} is queued.`);
      await changed();
    } catch (error) {
      fail(error);
    }
  };
  const click = ({ target }) => whileBusy(target, begin);
  const classes = apply ? null : "quiet";
  return el("button", { type: "button", id: `${title}-${apply}`, class: classes, "aria-describedby": title, click }, label);
}

function lastRun(run, title, channel, { fail }) {
  const { id, apply, status, compared, found, repaired, counts, problem } = run;
  const name = apply ? "Comparison with repair" : "Comparison";
  const isUnderWay = status === "QUEUED" || status === "RUNNING";
  const items = counts.map(({ count, text }) => el("li", {}, `${count}: ${text}`));
  return [
    el("p", { class: status === "FAILED" ? "bad" : null }, `${name} ${STATES[status]}, `, time(isUnderWay ? run.queuedAt : run.finishedAt), `. ${problem}`),
    el("p", {}, `${orderCount(compared)} compared, ${differences(found)}${apply ? `, ${repaired} repaired` : ""}.`),
    items.length > 0 && el("ul", {}, items),
    found > 0 && !isUnderWay && folded(`${title}-rows-${id}`, "Show the differences", () => rows(channel), { fail, keep: "always" }),
  ];
}

// The rows are read once somebody unfolds them: there may be hundreds.
async function rows(channel) {
  const [run] = (await ask(DIFFERENCES, { channel })).picqerStatus.reconciles;
  if (!run?.differences) return el("p", {}, "You may not see the orders of this channel.");
  const rest = run.found > run.differences.length && el("p", { class: "quiet-text" }, `${run.differences.length} rows for ${run.found} differences.`);
  return el("div", {}, rest, el("ul", { class: "rows" }, run.differences.map(row)));
}

function row({ kind, orderId, number, detail, repaired }) {
  const what = kind.toLowerCase().replaceAll("_", " ");
  return el("li", {}, what, orderId && [", ", saleorLink(number ? `${number} in Picqer` : "order", orderId)], detail && `: ${detail}`, repaired && " (repaired)");
}

function differences(count) {
  return count === 1 ? "1 difference" : `${count} differences`;
}
