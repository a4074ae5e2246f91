// Draws the page anew without taking from a person what is under their hands.

import { show } from "./elements.js";

// Unfolded parts and the keyboard's place stay. With `keep`, parts marked `data-keep` move over as
// they are: "always", or "used" while something in them is chosen or has the keyboard.
export function redraw(content, { keep }) {
  const unfolded = [...document.querySelectorAll("details[open]")].map((one) => one.id);
  const focused = document.activeElement?.id;
  const kept = [...document.querySelectorAll("details[open][data-keep]")].filter(
    (one) => one.dataset.keep === "always" || (keep && isUsed(one)),
  );
  show(...content);
  kept.forEach((one) => document.getElementById(one.id)?.replaceWith(one));
  unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused) document.getElementById(focused)?.focus();
}

function isUsed(part) {
  return part.querySelector(":checked") !== null || part.contains(document.activeElement);
}
