// Draws the page anew without taking from a person what is under their hands.

import { el } from "./elements.js";
import { successor } from "./focus.js";
import { CHANGED, RENEW } from "./folded.js";
import { setDisabled } from "./press.js";

// Folded and unfolded parts stay so. Unfolded parts marked `data-keep` move over as they are, with
// typed text, ticked boxes and rows that were read. The keyboard's place and the scroll position stay,
// and a button that waits for an answer goes on waiting.
// With `renew`, parts marked "renewed" read their content again. Parts that show another state are told.
export function redraw(content, { renew = false } = {}) {
  const main = document.querySelector("main");
  const former = [...main.childNodes];
  const known = new Map([...main.querySelectorAll("details[id]")].map((one) => [one.id, one]));
  const focused = document.activeElement;
  const waiting = [...main.querySelectorAll("[aria-disabled=true][id]")].map((one) => one.id);
  const place = window.scrollY;
  const fresh = el("div", {}, ...content);
  main.append(fresh);
  const parts = [...fresh.querySelectorAll("details[id]")];
  const kept = parts.filter((one) => carryOver(known.get(one.id), one));
  former.forEach((one) => one.remove());
  main.removeAttribute("aria-busy");
  waiting.map((id) => document.getElementById(id)).forEach((one) => one && setDisabled(one, true));
  if (document.activeElement !== focused) successor(focused, document.querySelector("h1"))?.focus({ preventScroll: true });
  // The browser may have followed a part while it was moved.
  window.scrollTo(0, place);
  kept.forEach((one) => tell(known.get(one.id), one.dataset.state, renew));
}

// Tells a former part on the page that its content is no longer up to date. `state` is the latest one.
function tell(former, state, renew) {
  const isOther = Boolean(state) && state !== former.dataset.state;
  if (isOther) former.dataset.state = state;
  if (renew && former.dataset.keep === "renewed") former.dispatchEvent(new Event(RENEW));
  else if (isOther) former.dispatchEvent(new Event(CHANGED));
}

// Returns true if there is a former part and it takes the place of the new one.
function carryOver(former, one) {
  if (!former) return false;
  one.open = former.open;
  if (!former.open || !one.dataset.keep) return false;
  // A part that is moved, and not taken out and put in, keeps open lists of choices and the caret.
  if (one.parentNode.moveBefore) one.parentNode.moveBefore(former, one);
  else one.before(former);
  one.remove();
  return true;
}
