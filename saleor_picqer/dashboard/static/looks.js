// Looks at the state again and again. A look that fails leaves what is shown, and says so.

import { announce } from "./elements.js";
import { explain, FRESH_TOKEN } from "./session.js";

// The longest pause after failed looks, in milliseconds.
const LONGEST = 60_000;

// Returns a function that looks at once. `read` asks, `draw` shows the answer and returns whether to
// look again after `pause` milliseconds. While `isAway`, another view has the place of this one.
export function watch({ read, draw, isAway = () => false, pause, needs }) {
  let timer;
  let latest = 0;
  let failures = 0;
  document.addEventListener(FRESH_TOKEN, () => failures && look());
  return look;

  async function look() {
    clearTimeout(timer);
    latest += 1;
    const own = latest;
    let isDue = false;
    try {
      const answer = await read();
      if (isObsolete(own)) return;
      isDue = draw(answer);
      failures = 0;
      takeBack();
    } catch (error) {
      if (isObsolete(own)) return;
      failures += 1;
      // The same token will never be allowed more.
      isDue = error.kind !== "denied";
      explain(error, needs, note);
    } finally {
      if (isDue) timer = setTimeout(look, Math.max(pause, Math.min(pause * 2 ** failures, LONGEST)));
    }
  }

  // A later look, begun while this one waited for its answer, takes its place.
  function isObsolete(own) {
    return own !== latest || isAway();
  }
}

// The message about a failed look, and what it stands behind.
let noted = { text: "", before: "" };

function note(words) {
  const before = result() === noted.text ? noted.before : result();
  const text = [before, `Not up to date: ${words}`].filter(Boolean).join(" ");
  if (text !== result()) announce(text);
  noted = { text, before };
}

function takeBack() {
  if (noted.text && result() === noted.text) announce(noted.before);
  noted = { text: "", before: "" };
}

function result() {
  return document.getElementById("result").textContent;
}
