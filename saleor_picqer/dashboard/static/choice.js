// Rows of which a person chooses some, and what can be done with the chosen ones.

import { el } from "./elements.js";
import { setDisabled, whileBusy } from "./press.js";

// Returns a checkbox for each row, and the buttons for the chosen rows. `actions` are pairs of a
// label and a function, which gets the ids of the chosen rows.
export function choice(name, actions) {
  const chosen = new Set();
  const boxes = new Set();
  const all = el("input", { type: "checkbox", change: () => choose(all.checked) });
  const buttons = actions.map(([label, act]) => {
    const click = async ({ target }) => {
      await whileBusy(target, () => act([...chosen]));
      follow();
    };
    return el("button", { type: "button", class: "quiet", "aria-disabled": "true", click }, label);
  });
  const bar = el("p", { class: "buttons" }, el("label", { class: "choice" }, all, ` All ${name} shown`), buttons);
  return { bar, boxFor, forget, follow, none: () => choose(false) };

  function boxFor(id, label) {
    const box = el("input", { type: "checkbox", id: `choose-${id}`, checked: chosen.has(id), "aria-label": `Choose ${label}`, change: follow });
    box.value = id;
    boxes.add(box);
    return box;
  }

  function choose(isChosen) {
    all.checked = isChosen;
    boxes.forEach((box) => (box.checked = isChosen));
    follow();
  }

  // Forgets the boxes. New ones of the same rows are ticked as these were.
  function forget() {
    boxes.clear();
    all.checked = false;
  }

  // Counts which rows are chosen.
  function follow() {
    chosen.clear();
    boxes.forEach((box) => box.checked && chosen.add(box.value));
    buttons.forEach((button) => setDisabled(button, chosen.size === 0));
  }
}
