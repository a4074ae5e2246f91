// Rows of which a person chooses some, and what can be done with the chosen ones.

import { el } from "./elements.js";

// Returns a checkbox for each row, and the buttons for the chosen rows. `actions` are pairs of a
// label and a function, which gets the ids of the chosen rows.
export function choice(name, actions) {
  const chosen = new Set();
  const boxes = new Set();
  const all = el("input", { type: "checkbox", change: chooseAll });
  const buttons = actions.map(([label, act]) => {
    const click = async ({ target }) => {
      target.disabled = true;
      await act([...chosen]);
      follow();
    };
    return el("button", { type: "button", class: "quiet", disabled: true, click }, label);
  });
  const bar = el("p", { class: "buttons" }, el("label", { class: "choice" }, all, ` All ${name} shown`), buttons);
  return { bar, boxFor, clear };

  function boxFor(id, label) {
    const box = el("input", { type: "checkbox", "aria-label": `Choose ${label}`, change: follow });
    box.value = id;
    boxes.add(box);
    return box;
  }

  function chooseAll() {
    boxes.forEach((box) => (box.checked = all.checked));
    follow();
  }

  function clear() {
    boxes.clear();
    all.checked = false;
    follow();
  }

  function follow() {
    chosen.clear();
    boxes.forEach((box) => box.checked && chosen.add(box.value));
    buttons.forEach((button) => (button.disabled = chosen.size === 0));
  }
}
