// The form that chooses deliveries: by status, event, order and time.

import { el } from "./elements.js";

export const EVENT_STATES = {
  RECEIVED: "waiting",
  HANDLING: "being handled",
  DONE: "handled",
  IGNORED: "of no concern",
  FAILED: "given up",
};

// Returns the form, `read` for the chosen conditions, and `know` for names of events to offer.
export function deliveryFilter({ id, withOrder, search }) {
  const states = Object.entries(EVENT_STATES).map(([value, words]) => el("option", { value }, words));
  const names = el("datalist", { id: `events-${id}` });
  const status = el("select", { id: `status-${id}` }, el("option", { value: "" }, "any"), states);
  const event = entry("event", { list: names.id, placeholder: "any" });
  const number = entry("number", { placeholder: "any" });
  const since = entry("since", { type: "datetime-local" });
  const until = entry("until", { type: "datetime-local" });
  const submit = (happening) => {
    happening.preventDefault();
    search();
  };
  const form = el(
    "form",
    { submit, class: "filter", "aria-label": "Filter of deliveries" },
    field("Status", status),
    field("Event", event),
    names,
    withOrder && field("Order number", number),
    field("From", since),
    field("Until", until),
    el("button", { class: "quiet" }, "Filter"),
  );
  return { form, read, know };

  function entry(name, attributes) {
    return el("input", { id: `${name}-${id}`, ...attributes });
  }

  function read() {
    const conditions = {
      status: status.value,
      event: event.value.trim(),
      orderNumber: number.value.trim(),
      since: moment(since.value),
      until: moment(until.value),
    };
    return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value));
  }

  function know(events) {
    const known = new Set([...names.children].map((one) => one.value));
    const fresh = [...new Set(events)].filter((name) => name && !known.has(name));
    names.append(...fresh.map((value) => el("option", { value })));
  }
}

// The browser's own time zone, as all times on the page.
function moment(text) {
  return text && new Date(text).toISOString();
}

function field(words, input) {
  return el("span", { class: "field" }, el("label", { for: input.id }, words), input);
}
