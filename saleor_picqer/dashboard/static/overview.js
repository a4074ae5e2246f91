// The app's own page: the state of each channel, and what needs attention.

import { ask } from "./api.js";
import { channelSection, CHANNEL } from "./channel.js";
import { el } from "./elements.js";
import { redraw } from "./redraw.js";
import { begin, explain } from "./session.js";
import { openSetUp } from "./setup_view.js";

const NEEDS = "Picqer needs the permission \"Manage orders\" or \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = `{ picqerChannels(all: true) { ${CHANNEL} } }`;
// Milliseconds between two looks while a sync is under way, or after an action, and how many looks
// an action is followed for.
const PAUSE = 3000;
const LOOKS = 5;

let waiting;
// Set while the set-up of a channel takes the place of the overview.
let isAway = false;

begin(() => refresh(0), NEEDS);

async function refresh(looks, keep = true) {
  clearTimeout(waiting);
  try {
    const all = (await ask(CHANNELS)).picqerChannels;
    if (isAway) return;
    // Who may not set a channel up has no use for one that is not.
    const channels = all.filter((one) => one.setUpSteps || one.active || one.orders?.length);
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
  const sections = channels.map((channel) => channelSection(channel, { fail, changed, setUp }));
  redraw([el("h1", { tabindex: -1 }, "Picqer"), sections.length ? sections : notSetUp()], { keep });
}

function notSetUp() {
  return el("p", {}, "There is no channel that you may see.");
}

function setUp(channel) {
  isAway = true;
  openSetUp(channel, () => {
    isAway = false;
    refresh(0);
  });
}

// After an action, what a person had chosen is done with.
function changed() {
  if (!isAway) refresh(LOOKS, false);
}

function fail(error) {
  explain(error, NEEDS);
}
