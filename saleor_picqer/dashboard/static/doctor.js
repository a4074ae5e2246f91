// What the doctor finds in the shop and in one channel, and what to do.

import { ask } from "./api.js";
import { overviewLink } from "./doctor_link.js";
import { announce, el, show } from "./elements.js";
import { begin, explain, parameter } from "./session.js";

const NEEDS = "The check of Picqer needs the permission \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = "{ picqerChannels { slug } }";
const REPORT = `query ($channel: String) {
  picqerDoctor(channel: $channel) {
    findings { title channel level text advice }
  }
}`;
const LABELS = { ERROR: "Error", WARNING: "Warning", OK: "Well" };

begin(choose, NEEDS);

// Examines the channel in the address, or else the only one; asks which if there are several.
async function choose() {
  const wanted = parameter("channel");
  if (wanted) return examine(wanted);
  try {
    const { picqerChannels: channels } = await ask(CHANNELS);
    if (channels.length === 1) return examine(channels[0].slug);
    const buttons = channels.map(({ slug }) => el("button", { type: "button", click: () => examine(slug) }, slug));
    show(heading(), el("p", {}, "Choose a channel."), el("p", { class: "buttons" }, buttons), overviewLink());
  } catch (error) {
    explain(error, NEEDS);
  }
}

async function examine(slug) {
  const text = "The check asks Saleor, Picqer and the public address. It takes half a minute at most.";
  show(heading(slug), el("p", {}, text));
  document.querySelector("main").setAttribute("aria-busy", "true");
  document.querySelector("h1").focus();
  announce("Checking…");
  try {
    const { picqerDoctor: report } = await ask(REPORT, { channel: slug });
    render(slug, report?.findings);
  } catch (error) {
    announce("");
    explain(error, NEEDS);
  }
}

function render(slug, findings) {
  if (!findings) {
    show(heading(slug), el("p", {}, "Picqer is not set up in this channel."), overviewLink());
    return announce("");
  }
  const errors = findings.filter(({ level }) => level === "ERROR");
  const warnings = findings.filter(({ level }) => level === "WARNING");
  const well = findings.filter(({ level }) => level === "OK");
  const again = el("button", { type: "button", click: () => examine(slug) }, "Check again");
  show(
    heading(slug),
    el("p", {}, summary(errors.length, warnings.length)),
    list("To be mended", [...errors, ...warnings]),
    el("p", {}, again),
    el(
      "details",
      { open: !errors.length && !warnings.length },
      el("summary", {}, `What is well: ${well.length}`),
      list("What is well", well),
    ),
    el("p", {}, overviewLink()),
  );
  announce("The check is finished.");
  document.querySelector("h1").focus();
}

function list(label, findings) {
  if (!findings.length) return null;
  return el("ul", { class: "rows", "aria-label": label }, findings.map(row));
}

function row({ title, level, text, advice }) {
  const label = el("strong", { class: { ERROR: "bad", OK: "good" }[level] }, LABELS[level]);
  return el("li", {}, el("p", {}, label, ` ${title}: ${text}`), advice && el("p", { class: "advice" }, advice));
}

function summary(errors, warnings) {
  if (!errors && !warnings) return "All is well.";
  return `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`;
}

function heading(slug) {
  return el("h1", { tabindex: -1 }, slug ? `Check of Picqer in ${slug}` : "Check of Picqer");
}
