// Runs of the channel's sync: the last one with its progress, and the buttons that start one.

import { ask } from "./api.js";
import { announce, el, time } from "./elements.js";

export const RUN = `kind dryRun status total done created updated unchanged failed stockChanged
  secondsLeft problems queuedAt finishedAt`;
const STARTS = [
  { field: "triggerPicqerFullSync", label: "Full sync" },
  { field: "picqerPullStock", label: "Stock only" },
  { field: "picqerPushProducts", label: "Products only" },
];
const KINDS = { FULL: "Full sync", STOCK: "Stock", PRODUCTS: "Products" };
const STATES = {
  QUEUED: "waits for a worker",
  RUNNING: "is running",
  DONE: "is done",
  FAILED: "failed",
};

export function syncSection(channel, active, run, { fail, changed }) {
  const title = `sync-${channel}`;
  const start = ({ field, label }) => {
    const click = async ({ target }) => {
      target.disabled = true;
      try {
        const mutation = `mutation ($channel: String) {
          ${field}(channel: $channel) { run { status } errors { message } }
        }`;
        const { errors } = (await ask(mutation, { channel }))[field];
        announce(errors.map((one) => one.message).join(" ") || `${label} of ${channel} is queued.`);
        changed();
      } catch (error) {
        target.disabled = false;
        fail(error);
      }
    };
    return el("button", { type: "button", id: `${title}-${field}`, class: "quiet", "aria-describedby": title, click }, label);
  };
  return el(
    "section",
    { "aria-labelledby": title },
    el("h3", { id: title }, "Sync of products and stock"),
    run ? lastRun(run, title) : el("p", {}, "No sync has run yet."),
    active && el("p", { class: "buttons" }, STARTS.map(start)),
  );
}

function lastRun(run, title) {
  const name = `${KINDS[run.kind] ?? run.kind}${run.dryRun ? " (preview)" : ""}`;
  const isUnderWay = run.status === "QUEUED" || run.status === "RUNNING";
  return [
    el(
      "p",
      { class: run.status === "FAILED" ? "bad" : null },
      `${name} ${STATES[run.status] ?? run.status}, `,
      isUnderWay ? ["queued ", time(run.queuedAt)] : time(run.finishedAt),
      ".",
    ),
    isUnderWay && run.total > 0 && progress(run, title),
    el("p", {}, numbers(run)),
    problems(run.problems, `${title}-problems`),
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

function problems(texts, id) {
  if (!texts.length) return null;
  const summary = texts.length === 1 ? "1 problem" : `${texts.length} problems`;
  return el("details", { id }, el("summary", { class: "bad" }, summary), el("ul", {}, texts.map((text) => el("li", {}, text))));
}
