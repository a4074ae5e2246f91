// What a dry run would change, in lists.

import { ask } from "./api.js";
import { el } from "./elements.js";

const CHANGES = `query ($channel: String) {
  picqerStatus(channel: $channel) { lastRun { created updated stockChanged preview {
    created { sku } updated { sku fields } stock { sku warehouse before after }
  } } }
}`;

export async function previewLists(channel) {
  const { lastRun } = (await ask(CHANGES, { channel })).picqerStatus;
  const { created, updated, stock } = lastRun?.preview ?? { created: [], updated: [], stock: [] };
  return el(
    "div",
    {},
    list("Products to be created in Picqer", created.map(({ sku }) => sku), lastRun?.created),
    list("Products to be updated in Picqer", updated.map(({ sku, fields }) => `${sku}: ${fields.join(", ")}`), lastRun?.updated),
    list("Stocks to be changed in Saleor", stock.map(({ sku, warehouse, before, after }) => `${sku} in ${warehouse}: ${before} → ${after}`), lastRun?.stockChanged),
  );
}

function list(title, texts, all) {
  if (!texts.length) return null;
  const rest = all > texts.length && el("p", { class: "quiet-text" }, `The first ${texts.length} of ${all}.`);
  return [el("h4", {}, title), rest, el("ul", {}, texts.map((text) => el("li", {}, text)))];
}
