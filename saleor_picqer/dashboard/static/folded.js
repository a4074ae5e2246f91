// A part of the page whose content is read once a person unfolds it.

import { el } from "./elements.js";

// `read` returns the content. `keep` says what becomes of the part when the page is drawn anew.
export function folded(id, summary, read, { fail, keep }) {
  const details = el("details", { id, "data-keep": keep }, el("summary", {}, summary));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.children.length > 1 || details.dataset.reading) return;
    details.dataset.reading = "yes";
    try {
      details.append(await read());
    } catch (error) {
      fail(error);
    } finally {
      delete details.dataset.reading;
    }
  });
  return details;
}
