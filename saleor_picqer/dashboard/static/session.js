// How a person gets in: by the dashboard's token, or on Saleor 2.10 by signing in.

import { ApiError, hasToken, useToken } from "./api.js";
import { isFramed, listen, setTheme } from "./dashboard.js";
import { announce, el, show } from "./elements.js";
import { askForPassword } from "./sign_in.js";

// Seconds until a dashboard that does not answer is called silent.
const PATIENCE = 15;
// Told to the document when a new token comes while the page is drawn.
export const FRESH_TOKEN = "picqer-fresh-token";
const OUTSIDE = "Choose Picqer in the dashboard's menu, or on the page of an order. The page has no sign-in of its own.";

// The heading of the message that has taken the place of the page, and what was said last about
// a token that has ended.
let replacement = null;
let endedText = null;

// Opens the page once there is a token. `needs` says which permission opens it.
export function begin(open, needs) {
  setTheme(parameter("theme"));
  if (document.documentElement.dataset.signIn === "password") {
    askForPassword((token) => {
      useToken(token, "JWT");
      open();
    });
  } else if (isFramed()) {
    waitForToken(open, needs);
  } else {
    say("Open Picqer in Saleor's dashboard", OUTSIDE);
  }
}

// The last value: the dashboard's own query string, which anybody can write, comes first.
export function parameter(name) {
  return new URLSearchParams(location.search).getAll(name).at(-1) ?? "";
}

// Replaces the page by a message, for example where a permission is missing. Returns its heading.
export function say(title, text) {
  const heading = el("h1", { tabindex: -1 }, title);
  show(heading, el("p", {}, text));
  return heading;
}

// Says what an error of the API means for the person. A page that is drawn stays as it is, with
// what the person has filled in, and `tell` says the rest.
export function explain(error, needs, tell = announce) {
  if (!(error instanceof ApiError)) throw error;
  if (error.kind === "denied") replacement = say("You may not see this", needs);
  else if (error.kind === "ended") sayEnded(error.message, tell);
  else if (isDrawn()) tell(error.message);
  else replacement = say("This did not work", error.message);
}

function sayEnded(title, tell) {
  endedText = `${title} ${wayBack()}`;
  if (isDrawn()) tell(endedText);
  else replacement = say(title, wayBack());
}

function isDrawn() {
  return !document.querySelector("main[aria-busy]") && !replacement?.isConnected;
}

// Only the pages of one order and of one product are shown in a pop-up.
function wayBack() {
  const isPopUp = isFramed() && /\/(order|product)$/.test(location.pathname);
  return isPopUp ? "Close Picqer and open it again." : "Reload the page.";
}

function waitForToken(open, needs) {
  let opened = false;
  let last = "";
  const silence = setTimeout(() => {
    say("The dashboard does not answer", "Reload the page of the dashboard.");
  }, PATIENCE * 1000);
  listen((token) => {
    clearTimeout(silence);
    const isFresh = token !== last;
    last = token;
    useToken(token);
    if (!hasToken()) {
      if (!opened) say("You may not see this", needs);
    } else if (!opened) {
      opened = true;
      open();
    } else if (isFresh) {
      goOn(open);
    }
  });
}

// With a fresh token, draws the page where a message has taken its place.
function goOn(open) {
  if (document.getElementById("result").textContent === endedText) announce("");
  if (replacement?.isConnected) open();
  else document.dispatchEvent(new Event(FRESH_TOKEN));
}
