// Settings with several values: "A, B" as checkboxes, and "Parcel = 12; * = 3" as one choice a key.

import { el } from "./elements.js";

export function listControl(setting, id) {
  const present = split(setting.value, ",");
  const choices = withUnknown(setting.choices, present);
  const inputs = choices.map((choice) => {
    const input = el("input", { type: "checkbox", value: choice.value, checked: present.some((entry) => isSame(choice, entry)) });
    input.addEventListener("change", () => input.checked && exclude(choice));
    return input;
  });
  const exclude = (chosen) => {
    choices.forEach((other, index) => {
      if (other !== chosen && (chosen.alone || other.alone)) inputs[index].checked = false;
    });
  };
  const rows = choices.map((choice, index) => el("label", { class: "tick" }, inputs[index], ` ${choice.label}`));
  const empty = choices.length ? null : el("p", { class: "quiet-text" }, "There is nothing to choose from yet.");
  const before = chosen();
  return {
    element: fieldset(setting, id, [rows, empty]),
    input: () => inputs[0] ?? document.getElementById(id),
    // What was written by hand stays as it is until somebody chooses something else.
    value: () => (chosen() === before ? (setting.value ?? "").trim() : chosen()),
  };

  function chosen() {
    return inputs.filter((input) => input.checked).map((input) => input.value).join(", ");
  }
}

export function pairsControl(setting, id) {
  const present = split(setting.value, ";").map(pair);
  const keys = withUnknown(setting.keys, present.map(({ key }) => key));
  const rows = keys.map((key, index) => {
    const entry = present.find((one) => isSame(key, one.key))?.entry ?? "";
    const choices = withUnknown(setting.choices, entry ? [entry] : []);
    const options = choices.map((choice) => el("option", { value: choice.value, selected: isSame(choice, entry) }, choice.label));
    const select = el("select", { id: `${id}-${index}` }, el("option", { value: "" }, "None"), options);
    return { key, select, row: el("p", { class: "field" }, el("label", { for: select.id }, key.label), select) };
  });
  const before = chosen();
  return {
    element: fieldset(setting, id, rows.map(({ row }) => row)),
    input: () => rows[0]?.select ?? document.getElementById(id),
    value: () => (chosen() === before ? (setting.value ?? "").trim() : chosen()),
  };

  function chosen() {
    return rows.filter(({ select }) => select.value).map(({ key, select }) => `${key.value} = ${select.value}`).join("; ");
  }
}

function fieldset(setting, id, content) {
  const legend = el("legend", {}, setting.label);
  return el("fieldset", { id, tabindex: -1, "aria-describedby": `${id}-help ${id}-error` }, legend, ...content);
}

// What is stored and no longer exists stays visible, so that it can be taken out.
function withUnknown(choices, entries) {
  const unknown = entries.filter((entry) => !choices.some((choice) => isSame(choice, entry)));
  return [...choices, ...unknown.map((entry) => ({ value: entry, name: entry, label: `${entry} (not found)` }))];
}

function isSame({ value, name }, entry) {
  return value === entry || normal(name) === normal(entry);
}

function normal(text) {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

function split(text, separator) {
  return (text ?? "").split(separator).map((part) => part.trim()).filter(Boolean);
}

// A key may hold an equals sign, an entry not.
function pair(text) {
  const place = text.lastIndexOf("=");
  return { key: text.slice(0, place).trim(), entry: text.slice(place + 1).trim() };
}
