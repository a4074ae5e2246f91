// What stops orders, grouped by cause, and what staff can do about a whole group.

import { actOnCause, KEEP, orderCount, RETRY } from "./actions.js";
import { announce, el, time } from "./elements.js";
import { folded } from "./folded.js";
import { orderList } from "./order_list.js";
import { whileBusy } from "./press.js";

// As many causes are asked for.
export const MOST_CAUSES = 100;

export function causeList(channel, causes, tell) {
  const title = `attention-${channel}`;
  const items = causes.map((cause) => group(channel, cause, `cause-${channel}-${digest(cause.text)}`, tell));
  return el(
    "section",
    { "aria-labelledby": title },
    el("h3", { id: title }, "Orders that need attention"),
    items.length ? el("ul", { class: "rows" }, items) : el("p", { class: "good" }, "No order needs attention."),
    items.length === MOST_CAUSES && el("p", { class: "quiet-text" }, `The ${MOST_CAUSES} most frequent causes are listed.`),
  );
}

function group(channel, { text, count, since, retryable, skippable }, id, tell) {
  // The single orders are read once somebody unfolds them.
  const read = () => orderList({ channel, cause: text }, tell);
  return el(
    "li",
    {},
    el("p", { class: "bad", id }, text),
    el("p", { class: "quiet-text" }, orderCount(count), ", the oldest from ", time(since)),
    el("p", { class: "buttons" }, retryable > 0 && button(RETRY, "Retry all"), skippable > 0 && button(KEEP, "Keep all from Picqer")),
    folded(`${id}-orders`, "Show the orders", read, { fail: tell.fail, keep: "renewed", state: `${count} ${since}` }),
  );

  function button(action, label) {
    const click = ({ target }) => whileBusy(target, act);
    const classes = action === RETRY ? null : "quiet";
    return el("button", { type: "button", id: `${id}-${action.field}`, class: classes, "aria-describedby": id, click }, label);

    async function act() {
      try {
        announce(await actOnCause(action, channel, text));
        await tell.changed();
      } catch (error) {
        tell.fail(error);
      }
    }
  }
}

// The same cause has the same id each time the page is drawn, wherever it stands in the list.
function digest(text) {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 2 ** 32, 7).toString(36);
}
