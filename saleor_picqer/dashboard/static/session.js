// How a person gets in: by the dashboard's token, or on Saleor 2.10 by signing in.

import { ApiError, hasToken, useToken } from "./api.js";
import { isFramed, listen, setTheme } from "./dashboard.js";
import { announce, el, show } from "./elements.js";
import { askForPassword } from "./sign_in.js";

// Seconds until a dashboard that does not answer is called silent.
const PATIENCE = 15;
const OUTSIDE = "Choose Picqer in the dashboard's menu, or on the page of an order. The page has no sign-in of its own.";

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

// Replaces the page by a message, for example where a token has ended.
export function say(title, text) {
  show(el("h1", { tabindex: -1 }, title), el("p", {}, text));
}

// Says what an error of the API means for the person.
export function explain(error, needs) {
  if (!(error instanceof ApiError)) throw error;
  if (error.kind === "ended") say(error.message, "Close Picqer and open it again.");
  else if (error.kind === "denied") say("You may not see this", needs);
  else if (document.querySelector("main[aria-busy]")) say("This did not work", error.message);
  else announce(error.message);
}

function waitForToken(open, needs) {
  let opened = false;
  const silence = setTimeout(() => {
    say("The dashboard does not answer", "Reload the page of the dashboard.");
  }, PATIENCE * 1000);
  listen((token) => {
    clearTimeout(silence);
    useToken(token);
    if (!hasToken()) {
      if (!opened) say("You may not see this", needs);
    } else if (!opened) {
      opened = true;
      open();
    }
  });
}
