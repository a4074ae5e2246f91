// A part of the page whose content is read once a person unfolds it.

import { el } from "./elements.js";

// Tells a part that an action, or that others, have changed its content.
export const RENEW = "picqer-renew";
export const CHANGED = "picqer-changed";

// `read` returns the content, which is told `RENEW` and `CHANGED`. `keep` says what becomes of the
// unfolded part after an action: "always" leaves the part as it is, "renewed" tells it `RENEW`.
// Another `state` of what the part shows tells it `CHANGED`.
export function folded(id, summary, read, { fail, keep, state, open = false }) {
  const details = el("details", { id, open, "data-keep": keep, "data-state": state }, el("summary", {}, summary));
  let reading = false;
  let content = null;
  details.addEventListener("toggle", () => details.open && !content && load());
  for (const told of [RENEW, CHANGED]) details.addEventListener(told, () => content?.dispatchEvent(new Event(told)));
  return details;

  async function load() {
    // A part that another one replaces at once is not read.
    if (reading || !details.isConnected) return;
    reading = true;
    try {
      content = await read();
      details.append(content);
    } catch (error) {
      fail(error);
    } finally {
      reading = false;
    }
  }
}
