// The app's own page: the state of each channel, and what needs attention.

import { ask } from "./api.js";
import { channelSection, CHANNEL } from "./channel.js";
import { el } from "./elements.js";
import { watch } from "./looks.js";
import { redraw } from "./redraw.js";
import { begin, explain } from "./session.js";
import { openSetUp } from "./setup_view.js";

const NEEDS = "Picqer needs the permission \"Manage orders\" or \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = `{ picqerChannels(all: true) { ${CHANNEL} } }`;
// Milliseconds between two looks while a sync is under way, or after an action, and how many looks
// an action is followed for.
const PAUSE = 3000;
const LOOKS = 5;

// How many more looks follow the last action.
let looksLeft = 0;
// Whether an action has changed what the unfolded lists show.
let renew = false;
// The heading of the overview, once it is drawn. It is gone while the set-up takes its place.
let heading = null;

const look = watch({ read, draw, isAway, pause: PAUSE, needs: NEEDS });

begin(open, NEEDS);

function open() {
  heading = null;
  look();
}

function isAway() {
  return heading !== null && !heading.isConnected;
}

async function read() {
  return (await ask(CHANNELS)).picqerChannels;
}

// Returns whether to look again.
function draw(all) {
  // Who may not set a channel up has no use for one that is not.
  const channels = all.filter((one) => one.setUpSteps || one.active || one.orders?.length);
  render(channels);
  renew = false;
  looksLeft -= 1;
  const isBusy = channels.some(({ status }) => [status?.lastRun, ...(status?.reconciles ?? [])].some(isUnderWay));
  return isBusy || looksLeft >= 0;
}

function isUnderWay(run) {
  return ["QUEUED", "RUNNING"].includes(run?.status);
}

function render(channels) {
  const sections = channels.map((channel) => channelSection(channel, { fail, changed, setUp }));
  heading = el("h1", { tabindex: -1 }, "Picqer");
  redraw([heading, sections.length ? sections : notSetUp()], { renew });
}

function notSetUp() {
  return el("p", {}, "There is no channel that you may see.");
}

function setUp(channel) {
  openSetUp(channel, open);
}

// After an action, lists are read again.
function changed() {
  looksLeft = LOOKS;
  renew = true;
  return look();
}

function fail(error) {
  explain(error, NEEDS);
}
