// A list that is read a page at a time, of whose rows a person can choose some.

import { choice } from "./choice.js";
import { el } from "./elements.js";
import { successor } from "./focus.js";
import { CHANGED, RENEW } from "./folded.js";
import { whileBusy } from "./press.js";

const PAGE = 20;

// `read` returns a page of a connection, `row` the element of a node, and `actions` are those for
// chosen rows. `empty` stands in an empty list.
export function pagedList({ name, label, actions, read, row, empty, fail }) {
  const chosen = choice(name, actions);
  const rows = el("ul", { class: "rows", "aria-label": label });
  const more = el("button", { type: "button", class: "quiet", click: () => whileBusy(more, next).catch(fail) }, "Show more");
  let after = null;
  return { bar: chosen.bar, chooseNone: chosen.none, rows, more: el("p", {}, more), begin, renewable };

  async function begin() {
    const page = await read({ first: PAGE, after: null });
    const stay = keepPlace(rows);
    chosen.forget();
    rows.replaceChildren();
    append(page);
    chosen.follow();
    if (!rows.children.length && empty) rows.append(el("li", {}, empty));
    stay();
  }

  async function next() {
    const from = after;
    const page = await read({ first: PAGE, after });
    // The list may have been read again meanwhile.
    if (from === after) append(page);
  }

  function append({ edges, pageInfo }) {
    const fresh = edges.map(({ node }) => row(node, chosen.boxFor));
    rows.append(...fresh);
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage && document.activeElement === more) fresh[0]?.querySelector("input")?.focus();
    more.hidden = !pageInfo.hasNextPage;
  }

  // Reads the first page again when the part of the page is told so. What others change leaves a
  // longer list as it is: its rows would go, and to read them all is no longer cheap.
  function renewable(part) {
    part.addEventListener(RENEW, () => begin().catch(fail));
    part.addEventListener(CHANGED, () => rows.children.length <= PAGE && begin().catch(fail));
    return part;
  }
}

// Returns a function for when the rows were replaced. The row under the pointer then stays under it,
// so that nobody presses what has just moved there; the keyboard stays in its row.
function keepPlace(rows) {
  const focused = rows.contains(document.activeElement) ? document.activeElement : null;
  const box = focused?.closest("li").querySelector("input")?.id;
  const pointed = rows.querySelector("li:hover input");
  const height = pointed?.getBoundingClientRect().top;
  return () => {
    const summary = rows.closest("details")?.querySelector("summary");
    if (focused) successor(focused, (box && document.getElementById(box)) || summary)?.focus({ preventScroll: true });
    const moved = pointed && document.getElementById(pointed.id);
    if (moved) window.scrollBy(0, moved.getBoundingClientRect().top - height);
  };
}
