// What stops orders, grouped by cause, and what staff can do about a whole group.

import { actOnCause, KEEP, orderCount, RETRY } from "./actions.js";
import { announce, el, time } from "./elements.js";
import { orderList } from "./order_list.js";

export function causeList(channel, causes, tell) {
  const title = `attention-${channel}`;
  const items = causes.map((cause, index) => group(channel, cause, `cause-${channel}-${index}`, tell));
  return el(
    "section",
    { "aria-labelledby": title },
    el("h3", { id: title }, "Orders that need attention"),
    items.length ? el("ul", { class: "rows" }, items) : el("p", { class: "good" }, "No order needs attention."),
  );
}

function group(channel, { text, count, since }, id, tell) {
  return el(
    "li",
    {},
    el("p", { class: "bad", id }, text),
    el("p", { class: "quiet-text" }, orderCount(count), ", the oldest from ", time(since)),
    el("p", { class: "buttons" }, button(RETRY, "Retry all"), button(KEEP, "Keep all from Picqer")),
    orders(channel, text, `${id}-orders`, tell),
  );

  function button(action, label) {
    const click = async ({ target }) => {
      target.disabled = true;
      try {
        announce(await actOnCause(action, channel, text));
        tell.changed();
      } catch (error) {
        target.disabled = false;
        tell.fail(error);
      }
    };
    const classes = action === RETRY ? null : "quiet";
    return el("button", { type: "button", id: `${id}-${action.field}`, class: classes, "aria-describedby": id, click }, label);
  }
}

// The single orders are read once somebody unfolds them.
function orders(channel, cause, id, tell) {
  const details = el("details", { id }, el("summary", {}, "Show the orders"));
  const read = async () => {
    if (!details.open || details.children.length > 1) return;
    try {
      details.append(await orderList({ channel, cause }, tell));
    } catch (error) {
      tell.fail(error);
    }
  };
  details.addEventListener("toggle", read);
  return details;
}
