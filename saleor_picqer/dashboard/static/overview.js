// The app's own page: the state of each channel, and what needs attention.

import { ask } from "./api.js";
import { channelSection, CHANNEL } from "./channel.js";
import { isFramed, openPath } from "./dashboard.js";
import { el } from "./elements.js";
import { redraw } from "./redraw.js";
import { begin, explain } from "./session.js";

const NEEDS = "Picqer needs the permission \"Manage orders\" or \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = `{ picqerChannels { ${CHANNEL} } }`;
// Milliseconds between two looks while a sync is under way, or after an action, and how many looks
// an action is followed for.
const PAUSE = 3000;
const LOOKS = 5;

let waiting;

begin(() => refresh(0), NEEDS);

async function refresh(looks, keep = true) {
  clearTimeout(waiting);
  try {
    const channels = (await ask(CHANNELS)).picqerChannels;
    render(channels, keep);
    const isBusy = channels.some(({ status }) => [status?.lastRun, ...(status?.reconciles ?? [])].some(isUnderWay));
    if (isBusy || looks > 0) waiting = setTimeout(() => refresh(looks - 1), PAUSE);
  } catch (error) {
    fail(error);
  }
}

function isUnderWay(run) {
  return ["QUEUED", "RUNNING"].includes(run?.status);
}

function render(channels, keep) {
  const sections = channels.map((channel) => channelSection(channel, { fail, changed }));
  redraw([el("h1", { tabindex: -1 }, "Picqer"), sections.length ? sections : notSetUp()], { keep });
}

function notSetUp() {
  const click = () => openPath("/extensions/plugin/picqer");
  return [
    el("p", {}, "Picqer is not set up in any channel that you may see."),
    isFramed() && el("p", {}, el("button", { type: "button", click }, "Open the settings")),
  ];
}

// After an action, what a person had chosen is done with.
function changed() {
  refresh(LOOKS, false);
}

function fail(error) {
  explain(error, NEEDS);
}
