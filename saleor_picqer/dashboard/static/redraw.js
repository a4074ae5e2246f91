// Draws the page anew without taking from a person what is under their hands.

import { el } from "./elements.js";
import { RENEW } from "./folded.js";

// Folded and unfolded parts stay so. Unfolded parts marked `data-keep` move over as they are, with
// typed text, ticked boxes and rows that were read. The keyboard's place and the scroll position stay.
// With `renew`, parts marked "renewed" read their content again.
export function redraw(content, { renew = false } = {}) {
  const main = document.querySelector("main");
  const former = [...main.childNodes];
  const known = new Map([...main.querySelectorAll("details[id]")].map((one) => [one.id, one]));
  const focused = document.activeElement;
  const place = window.scrollY;
  const fresh = el("div", {}, ...content);
  main.append(fresh);
  const kept = [...fresh.querySelectorAll("details[id]")].map((one) => carryOver(known.get(one.id), one));
  former.forEach((one) => one.remove());
  main.removeAttribute("aria-busy");
  if (document.activeElement !== focused) successor(focused)?.focus({ preventScroll: true });
  // The browser may have followed a part while it was moved.
  window.scrollTo(0, place);
  if (renew) kept.filter((one) => one?.dataset.keep === "renewed").forEach((one) => one.dispatchEvent(new Event(RENEW)));
}

// Returns the former part if there is one and it takes the place of the new one.
function carryOver(former, one) {
  if (!former) return null;
  one.open = former.open;
  if (!former.open || !one.dataset.keep) return null;
  // A part that is moved, and not taken out and put in, keeps open lists of choices and the caret.
  if (one.parentNode.moveBefore) one.parentNode.moveBefore(former, one);
  else one.before(former);
  one.remove();
  return former;
}

// Where the keyboard goes from an element that was replaced: to the heading if the element is gone.
function successor(former) {
  if (former.isConnected) return former;
  return (former.id && document.getElementById(former.id)) || document.querySelector("h1");
}
