// Runs of the channel's sync: the last one with its progress, and the buttons that start one.

import { ask } from "./api.js";
import { announce, el, time } from "./elements.js";
import { folded } from "./folded.js";
import { whileBusy } from "./press.js";
import { previewLists } from "./preview.js";

export const RUN = `id kind dryRun status total done created updated unchanged failed stockChanged
  withheld secondsLeft problems problemCount queuedAt finishedAt preview { known withStock warning }`;
const STARTS = [
  { field: "triggerPicqerFullSync", label: "Full sync" },
  { field: "picqerPullStock", label: "Stock only" },
  { field: "picqerPushProducts", label: "Products only" },
  { field: "triggerPicqerFullSync", label: "Preview of a full sync", dryRun: true },
];
// Sells the withheld SKUs no more: their products were done by the run that stopped.
const CONFIRM = { field: "picqerPullStock", label: "Stock only", confirmZero: true };
export const KINDS = { FULL: "Full sync", STOCK: "Stock", PRODUCTS: "Products" };
const STATES = {
  QUEUED: "waits for a worker",
  RUNNING: "is running",
  DONE: "is done",
  FAILED: "failed",
};

export function syncSection(channel, active, run, tell) {
  const title = `sync-${channel}`;
  const begin = (which) => start(which, channel, tell);
  return el(
    "section",
    { "aria-labelledby": title },
    el("h3", { id: title }, "Sync of products and stock"),
    run ? lastRun(run, title, channel, tell) : el("p", {}, "No sync has run yet."),
    run && active && confirmation(run, title, begin),
    active && el("p", { class: "buttons" }, STARTS.map((which) => button(which, title, begin))),
  );
}

function button(which, title, begin) {
  const id = `${title}-${which.field}${which.dryRun ? "-preview" : ""}`;
  const click = ({ target }) => begin(which)(target);
  return el("button", { type: "button", id, class: "quiet", "aria-describedby": title, click }, which.label);
}

// Asks for a run. Returns the run, and errors if that is another one, which does something else.
export async function request({ field, dryRun, confirmZero }, channel, fields) {
  const options = dryRun ? ", dryRun: true" : confirmZero ? ", confirmZero: true" : "";
  const mutation = `mutation ($channel: String) {
    ${field}(channel: $channel${options}) { run { ${fields} } errors { message } }
  }`;
  return (await ask(mutation, { channel }))[field];
}

function start(wanted, channel, { fail, changed }) {
  return (pressed) => whileBusy(pressed, begin);

  async function begin() {
    try {
      const { run, errors } = await request(wanted, channel, "kind dryRun status");
      announce(run ? started(run, errors, wanted, channel) : errors.map((one) => one.message).join(" "));
      await changed();
    } catch (error) {
      fail(error);
    }
  }
}

function started(run, errors, { label }, channel) {
  if (errors.length) return `Another sync of ${channel} is under way (${nameOf(run)}). Start "${label}" when it is done.`;
  return `${label} of ${channel} is ${run.status === "RUNNING" ? "running already" : "queued"}.`;
}

function nameOf({ kind, dryRun }) {
  return `${KINDS[kind] ?? kind}${dryRun ? " (preview)" : ""}`;
}

function lastRun(run, title, channel, tell) {
  const isUnderWay = run.status === "QUEUED" || run.status === "RUNNING";
  return [
    el(
      "p",
      { class: run.status === "FAILED" ? "bad" : null },
      `${nameOf(run)} ${STATES[run.status] ?? run.status}, `,
      isUnderWay ? ["queued ", time(run.queuedAt)] : time(run.finishedAt),
      ".",
    ),
    isUnderWay && run.total > 0 && progress(run, title),
    el("p", {}, run.dryRun ? wouldBe(run) : numbers(run)),
    run.dryRun && !isUnderWay && preview(run, title, channel, tell),
    problems(run, `${title}-problems`),
  ];
}

function progress({ done, total, secondsLeft }, title) {
  const left = secondsLeft == null ? "" : `, at least ${Math.ceil(secondsLeft / 60)} min left`;
  return el(
    "p",
    {},
    el("progress", { max: total, value: done, "aria-labelledby": title }),
    ` ${done} of ${total} products${left}`,
  );
}

function numbers({ created, updated, unchanged, failed, stockChanged }) {
  return `Products in Picqer: ${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} failed. ` +
    `Stocks changed in Saleor: ${stockChanged}.`;
}

function wouldBe({ created, updated, unchanged, stockChanged }) {
  return `Nothing was written. A sync would create ${created} products in Picqer, update ${updated}, leave ${unchanged}, ` +
    `and change ${stockChanged} stocks in Saleor.`;
}

function preview({ id, preview: found }, title, channel, { fail }) {
  if (!found) return null;
  return [
    found.warning && el("p", { class: "bad" }, found.warning),
    folded(`${title}-changes-${id}`, "Show the changes", () => previewLists(channel), { fail, keep: "always" }),
  ];
}

// A run stops before it sells out the shop by mistake; staff say whether it is one.
export function confirmation({ status, withheld, dryRun }, title, begin) {
  if (status !== "FAILED" || !withheld || dryRun) return null;
  const id = `${title}-zero`;
  const click = ({ target }) => begin(CONFIRM)(target);
  return el(
    "div",
    { class: "question" },
    el(
      "p",
      { id },
      `Picqer has no stock of ${withheld} SKUs that the shop offers. These are so many that their stock in Saleor was left `,
      "as it is. Look into Picqer first. If Picqer is right, confirm it: the shop then sells none of them.",
    ),
    el("p", { class: "buttons" }, el("button", { type: "button", id: `${id}-confirm`, "aria-describedby": id, click }, `Stop selling ${withheld} SKUs`)),
  );
}

function problems({ problems: texts, problemCount }, id) {
  if (!texts.length) return null;
  const summary = problemCount === 1 ? "1 problem" : `${problemCount} problems`;
  const rest = problemCount > texts.length && el("p", {}, `The first ${texts.length} are listed. Mend them, and sync again.`);
  return el("details", { id }, el("summary", { class: "bad" }, summary), rest, el("ul", {}, texts.map((text) => el("li", {}, text))));
}
