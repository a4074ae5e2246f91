// The card on the dashboard's home page: what needs attention, and the way there.

import { orderCount } from "./actions.js";
import { ask } from "./api.js";
import { isFramed, openPath } from "./dashboard.js";
import { el, time } from "./elements.js";
import { watch } from "./looks.js";
import { redraw } from "./redraw.js";
import { KINDS } from "./sync.js";
import { begin, parameter } from "./session.js";

const NEEDS = "Picqer's card needs the permission \"Manage orders\". An administrator can grant it to you.";
// Causes of a channel that are shown; the app's own page shows all.
const CAUSES = 5;
const CHANNELS = `query ($causes: Int!) {
  picqerChannels {
    slug active
    alarms { message advice }
    causes(first: $causes) { text count since }
    lastRun { kind status finishedAt problems }
  }
}`;
// Milliseconds between two looks.
const PAUSE = 60_000;

begin(watch({ read, draw, pause: PAUSE, needs: NEEDS }), NEEDS);

async function read() {
  return (await ask(CHANNELS, { causes: CAUSES })).picqerChannels;
}

function draw(channels) {
  const alarms = unique(channels.flatMap((channel) => channel.alarms.map((alarm) => ({ ...alarm, channel }))));
  const items = [
    ...alarms.map(({ message, advice }) => row(message, advice)),
    ...channels.flatMap((channel) => (channel.causes ?? []).map((cause) => stopped(channel, cause))),
    ...channels.map(failedRun),
  ].filter(Boolean);
  const off = channels.filter(({ active }) => !active).map(({ slug }) => slug);
  redraw([
    el("h1", { tabindex: -1 }, "Picqer"),
    channels.length ? null : el("p", {}, "Picqer is not set up in any channel that you may see."),
    off.length ? el("p", { class: "bad" }, `Picqer is switched off in: ${off.join(", ")}.`) : null,
    channels.length > off.length && !items.length ? allIsWell(off.length > 0) : null,
    items.length ? el("ul", { class: "rows" }, items) : null,
    wayToTheApp(items.length > 0),
  ]);
  return true;
}

function allIsWell(isOffElsewhere) {
  return el("p", { class: "good" }, isOffElsewhere ? "All is well where Picqer is switched on." : "All is well.");
}

// An alarm about the whole shop comes with each channel.
function unique(alarms) {
  return [...new Map(alarms.map((alarm) => [alarm.message, alarm])).values()];
}

function stopped({ slug }, { text, count, since }) {
  const where = ["In ", slug, ", the oldest from ", time(since), "."];
  const needs = count === 1 ? "needs" : "need";
  return row(`${orderCount(count)} ${needs} attention: ${text}`, where);
}

function failedRun({ slug, lastRun }) {
  if (lastRun?.status !== "FAILED") return null;
  const { kind, problems, finishedAt } = lastRun;
  return row(`The last sync of ${slug} failed (${KINDS[kind] ?? kind}).`, [problems[0] ?? "", " ", time(finishedAt)]);
}

function row(title, detail) {
  return el("li", {}, el("p", { class: "bad" }, title), el("p", { class: "advice" }, detail));
}

function wayToTheApp(isUrgent) {
  const app = parameter("id");
  if (!isFramed() || !app) return null;
  const click = () => openPath(`/extensions/app/${encodeURIComponent(app)}/overview`);
  return el("p", {}, el("button", { type: "button", id: "open", class: isUrgent ? null : "quiet", click }, "Open Picqer"));
}
