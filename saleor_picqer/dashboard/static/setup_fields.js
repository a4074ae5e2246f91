// One field of the form for each kind of setting. A field knows its name, its row, whether it was
// changed, its value as the setting stores it, and how to complain.

import { el } from "./elements.js";
import { listControl, pairsControl } from "./setup_lists.js";

const CONTROLS = {
  TEXT: textControl,
  SECRET: secretControl,
  BOOLEAN: booleanControl,
  CHOICE: choiceControl,
  LIST: listControl,
  PAIRS: pairsControl,
};

export function settingField(setting) {
  const id = `setting-${setting.name}`;
  const isUnknown = setting.choices === null || setting.keys === null;
  const control = (isUnknown ? textControl : CONTROLS[setting.kind])(setting, id);
  const error = el("p", { id: `${id}-error`, class: "bad", hidden: true });
  const initial = control.value();
  const note = isUnknown && setting.choicesProblem;
  const help = el("p", { id: `${id}-help`, class: "quiet-text" }, setting.help, note && ` ${note}`);
  return {
    name: setting.name,
    row: el("div", { class: "field" }, control.element, help, error),
    value: control.value,
    isChanged: () => control.value() !== initial,
    focus: () => control.input().focus(),
    complain(message) {
      error.textContent = message;
      error.hidden = !message;
      control.input().setAttribute("aria-invalid", String(Boolean(message)));
    },
  };
}

function describedBy(id) {
  return `${id}-help ${id}-error`;
}

function label(setting, id) {
  // A screen reader says so by the field's own attribute.
  const note = setting.required && el("span", { class: "quiet-text", "aria-hidden": "true" }, " (required)");
  return el("label", { for: id }, setting.label, note);
}

function textControl(setting, id) {
  const input = el("input", { id, required: setting.required, value: setting.value ?? "", autocomplete: "off", "aria-describedby": describedBy(id) });
  return { element: [label(setting, id), input], input: () => input, value: () => input.value.trim() };
}

// A stored secret never comes back: an empty field leaves it as it is, which is the value null.
function secretControl(setting, id) {
  const placeholder = setting.isSet ? "Stored. Leave empty to keep it." : "";
  const input = el("input", { id, type: "password", required: setting.required, placeholder, autocomplete: "new-password", "aria-describedby": describedBy(id) });
  const remove = setting.isSet && !setting.required && removal(setting, input);
  return {
    element: [label(setting, id), input, remove && el("label", { class: "tick" }, remove, " Remove the stored value")],
    input: () => input,
    value: () => (remove?.checked ? "" : input.value.trim() || null),
  };
}

function removal(setting, input) {
  const change = ({ target }) => (input.disabled = target.checked);
  return el("input", { type: "checkbox", "aria-label": `Remove the stored value of "${setting.label}"`, change });
}

function booleanControl(setting, id) {
  const input = el("input", { id, type: "checkbox", checked: setting.value === "true", "aria-describedby": describedBy(id) });
  return {
    element: el("label", { class: "tick" }, input, ` ${setting.label}`),
    input: () => input,
    value: () => String(input.checked),
  };
}

function choiceControl(setting, id) {
  const present = setting.value ?? "";
  const known = setting.choices.map(({ value, label: words }) => ({ value, words }));
  const extra = known.some(({ value }) => value === present) ? [] : [{ value: present, words: present || "None" }];
  // Only a setting without a default can be empty again.
  if (!extra.length && setting.kind === "CHOICE" && !setting.default) extra.push({ value: "", words: "None" });
  const options = [...extra, ...known].map(({ value, words }) => el("option", { value, selected: value === present }, words));
  const input = el("select", { id, "aria-describedby": describedBy(id) }, options);
  return { element: [label(setting, id), input], input: () => input, value: () => input.value };
}
