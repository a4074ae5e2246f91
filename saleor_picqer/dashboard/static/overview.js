// The app's own page: the state of each channel, and what needs attention.

import { ask } from "./api.js";
import { channelSection, CHANNEL } from "./channel.js";
import { isFramed, openPath } from "./dashboard.js";
import { el, show } from "./elements.js";
import { begin, explain } from "./session.js";

const NEEDS = "Picqer needs the permission \"Manage orders\" or \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = `{ picqerChannels { ${CHANNEL} } }`;
// Milliseconds between two looks while a sync is under way, or after an action, and how many looks
// an action is followed for.
const PAUSE = 3000;
const LOOKS = 5;

let waiting;

begin(() => refresh(0), NEEDS);

async function refresh(looks) {
  clearTimeout(waiting);
  try {
    const channels = (await ask(CHANNELS)).picqerChannels;
    render(channels);
    const isBusy = channels.some(({ status }) => ["QUEUED", "RUNNING"].includes(status?.lastRun?.status));
    if (isBusy || looks > 0) waiting = setTimeout(() => refresh(looks - 1), PAUSE);
  } catch (error) {
    fail(error);
  }
}

function render(channels) {
  // What a person has unfolded, and where the keyboard is, stays.
  const unfolded = [...document.querySelectorAll("details[open]")].map((one) => one.id);
  const focused = document.activeElement?.id;
  const sections = channels.map((channel) => channelSection(channel, { fail, changed }));
  show(el("h1", { tabindex: -1 }, "Picqer"), sections.length ? sections : notSetUp());
  unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused) document.getElementById(focused)?.focus();
}

function notSetUp() {
  const click = () => openPath("/extensions/plugin/picqer");
  return [
    el("p", {}, "Picqer is not set up in any channel that you may see."),
    isFramed() && el("p", {}, el("button", { type: "button", click }, "Open the settings")),
  ];
}

function changed() {
  refresh(LOOKS);
}

function fail(error) {
  explain(error, NEEDS);
}
