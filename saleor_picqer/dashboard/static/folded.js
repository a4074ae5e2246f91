// A part of the page whose content is read once a person unfolds it.

import { el } from "./elements.js";

// Tells a part that its content has changed.
export const RENEW = "picqer-renew";

// `read` returns the content. `keep` says what becomes of the unfolded part after an action: "always"
// leaves the part as it is, "renewed" reads its content again.
export function folded(id, summary, read, { fail, keep, open = false }) {
  const details = el("details", { id, open, "data-keep": keep }, el("summary", {}, summary));
  let reading = false;
  let content = null;
  details.addEventListener("toggle", () => details.open && !content && load());
  details.addEventListener(RENEW, load);
  return details;

  async function load() {
    // A part that another one replaces at once is not read.
    if (reading || !details.isConnected) return;
    reading = true;
    try {
      const next = await read();
      const hadFocus = content?.contains(document.activeElement);
      content?.remove();
      details.append(next);
      content = next;
      if (hadFocus) details.querySelector("summary").focus({ preventScroll: true });
    } catch (error) {
      fail(error);
    } finally {
      reading = false;
    }
  }
}
