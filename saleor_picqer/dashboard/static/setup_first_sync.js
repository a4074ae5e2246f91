// Step 3: what the first full sync would do, and the sync itself with its progress.

import { ask } from "./api.js";
import { announce, el } from "./elements.js";
import { whileBusy } from "./press.js";
import { confirmation, request } from "./sync.js";

const RUN = `id kind dryRun status total done created updated unchanged failed stockChanged withheld problems
  preview { withStock known warning stock { sku warehouse before after } }`;
const SYNC = { field: "triggerPicqerFullSync" };
const PREVIEW = { ...SYNC, dryRun: true };
const STATUS = `query ($channel: String) { picqerStatus(channel: $channel) { lastRun { ${RUN} } } }`;
const WAREHOUSES = `query ($channel: String) { picqerWarehousePreview(channel: $channel) { action name reason } }`;
const ACTIONS = {
  CREATE: "will be created in Saleor",
  ADOPT: "becomes the warehouse of the same stock in Picqer",
  FOLLOW: "follows Picqer",
  DETACH: "will no longer sell in this channel",
  DELETE: "will be deleted with its stock",
  KEEP: "stays in the channel",
};
// Milliseconds between two looks.
const PAUSE = 2000;
// Number of problems that are shown without being unfolded.
const FEW = 5;

export function firstSyncSection(channel, { fail, changed }) {
  const report = el("div", { "aria-live": "off" });
  const preview = el("button", { type: "button", class: "quiet", click: () => start(PREVIEW) }, "Preview");
  const sync = el("button", { type: "button", click: () => start(SYNC) }, "Full sync");
  const words = "A full sync sends the channel's products to Picqer, and writes Picqer's warehouses and stock to Saleor. The preview changes nothing.";
  return el("div", {}, el("p", {}, words), el("p", { class: "buttons" }, preview, sync), report);

  function start(wanted) {
    return whileBusy([preview, sync], () => perform(wanted));
  }

  async function perform(wanted) {
    try {
      const { run, errors } = await request(wanted, channel, RUN);
      if (!run) return announce(errors.map(({ message }) => message).join(" "));
      if (!errors.length) return await follow(run);
      announce("Another sync of this channel has not ended yet. This one begins after it.");
      await ended(run);
      if (report.isConnected) await perform(wanted);
    } catch (error) {
      fail(error);
    }
  }

  async function follow(first) {
    const run = await ended(first);
    if (!report.isConnected) return;
    const question = run && confirmation(run, "first-sync", (wanted) => () => start(wanted));
    put(...result(first, run), ...[question].filter(Boolean));
    if (run?.dryRun) report.append(...(await warehouses()));
    announce(run?.dryRun ? "The preview is ready." : `${nameOf(first)} has ended.`);
    changed();
  }

  // Shows the progress of a run until it has ended, and returns the last state; null if another
  // run has begun since.
  async function ended(first) {
    let run = first;
    while (["QUEUED", "RUNNING"].includes(run.status) && report.isConnected) {
      put(...progress(run));
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      run = (await ask(STATUS, { channel })).picqerStatus.lastRun;
      if (run?.id !== first.id) return null;
    }
    return run;
  }

  // The keyboard goes on from the button where its place is gone.
  function put(...content) {
    const hadFocus = report.contains(document.activeElement);
    report.replaceChildren(...content);
    if (hadFocus) sync.focus({ preventScroll: true });
  }

  async function warehouses() {
    try {
      const { picqerWarehousePreview: steps } = await ask(WAREHOUSES, { channel });
      if (!steps?.length) return [];
      const items = steps.map(({ action, name, reason }) => el("li", {}, `${name} ${ACTIONS[action] ?? action}. ${reason}`));
      return [el("h3", {}, "Warehouses"), el("ul", {}, items)];
    } catch (error) {
      if (!["failed", "unreachable"].includes(error.kind)) throw error;
      return [el("h3", {}, "Warehouses"), el("p", { class: "bad" }, error.message)];
    }
  }
}

function nameOf({ kind, dryRun }) {
  if (kind !== "FULL") return kind === "STOCK" ? "The pull of stock" : "The push of products";
  return dryRun ? "The preview" : "The full sync";
}

function result(first, run) {
  if (!run) return [el("p", {}, `${nameOf(first)} has ended, and another sync began since. Its result is not shown.`)];
  return run.dryRun ? forecast(run) : outcome(run);
}

function progress(run) {
  const { status, done, total } = run;
  const name = nameOf(run);
  if (status === "QUEUED" || !total) return [el("p", {}, `${name} waits for a worker of Celery.`)];
  const bar = el("progress", { max: total, value: done, "aria-label": name });
  return [el("p", {}, `${name} is running: `, bar, ` ${done} of ${total} products.`)];
}

function forecast({ status, created, updated, unchanged, total, preview, problems }) {
  if (status === "FAILED" || !preview) return failure(problems);
  const words =
    `${products(created)} will be created in Picqer and ${updated} updated; ${unchanged} stay as they are. ` +
    `Picqer has stock of ${preview.withStock} of ${products(total)} in this channel.`;
  return [
    el("h3", {}, "Preview"),
    el("p", {}, words),
    preview.warning && el("p", { class: "bad" }, preview.warning),
    stockList(preview.stock),
    ...failure(problems),
  ].filter(Boolean);
}

function stockList(changes) {
  if (!changes.length) return null;
  const items = changes.map(({ sku, warehouse, before, after }) => el("li", {}, `${sku} in ${warehouse}: ${before} now, ${after} then`));
  return el("details", {}, el("summary", {}, "Stock that will change in Saleor"), el("ul", {}, items));
}

function outcome(run) {
  const { status, created, updated, unchanged, failed, stockChanged, problems } = run;
  const words = `${products(created)} created in Picqer, ${updated} updated, ${unchanged} unchanged, ${failed} failed. ${stockChanged} stocks changed in Saleor.`;
  const title = `${nameOf(run)} ${status === "FAILED" ? "failed" : "is done"}`;
  return [el("h3", {}, title), el("p", {}, words), ...failure(problems)];
}

function failure(problems) {
  if (!problems.length) return [];
  const list = el("ul", { class: "bad" }, problems.map((text) => el("li", {}, text)));
  return [problems.length > FEW ? el("details", {}, el("summary", { class: "bad" }, `${problems.length} problems`), list) : list];
}

function products(count) {
  return count === 1 ? "1 product" : `${count} products`;
}
