// The set-up of a channel: a checklist of three steps, which are its settings later on.

import { ask } from "./api.js";
import { announce, el, show } from "./elements.js";
import { explain, say } from "./session.js";
import { connectSection } from "./setup_connect.js";
import { firstSyncSection } from "./setup_first_sync.js";
import { shippingSection } from "./setup_shipping.js";

export const NEEDS = "The settings of Picqer need the permission \"Manage plugins\". An administrator can grant it to you.";
const CHANNELS = "{ picqerChannels(all: true) { slug active setUpSteps } }";
const STEPS = [
  { name: "CONNECT", title: "Connect to Picqer", section: connectSection },
  { name: "SHIPPING_METHODS", title: "Choose shipping methods", section: shippingSection },
  { name: "FULL_SYNC", title: "First full sync", section: firstSyncSection },
];

// Shows the set-up of a channel, or of the first one that is not set up. `back` leads to the page
// from which a person came.
export async function openSetUp(wanted, back) {
  try {
    const { picqerChannels: channels } = await ask(CHANNELS);
    if (channels.some((one) => one.setUpSteps === null)) return say("You may not see this", NEEDS);
    const chosen = channels.find((one) => one.slug === wanted) ?? channels.find((one) => one.setUpSteps.length) ?? channels[0];
    if (!chosen) return show(heading("Set up Picqer"), el("p", {}, "The shop has no channel yet. Create one in Saleor first."));
    render(channels, chosen, back);
  } catch (error) {
    explain(error, NEEDS);
  }
}

function render(channels, { slug, setUpSteps }, back) {
  const title = setUpSteps.length ? "Set up Picqer" : "Settings of Picqer";
  const badges = new Map(STEPS.map(({ name }) => [name, el("span", {})]));
  const tell = { fail: (error) => explain(error, NEEDS), changed: () => refresh(slug, badges) };
  mark(badges, setUpSteps);
  const steps = STEPS.map(({ name, title: words, section }) => {
    const id = `step-${name}`;
    return el("li", { class: "channel" }, el("section", { "aria-labelledby": id }, el("h2", { id }, words, badges.get(name)), section(slug, tell)));
  });
  show(
    heading(title),
    back && el("p", {}, el("button", { type: "button", class: "quiet", click: back }, "Back to the overview")),
    channelChoice(channels, slug, back),
    el("ol", { class: "steps" }, steps),
  );
  document.querySelector("h1").focus();
}

function heading(words) {
  return el("h1", { tabindex: -1 }, words);
}

function channelChoice(channels, slug, back) {
  if (channels.length === 1) return el("p", {}, `Channel ${slug}`);
  const change = ({ target }) => {
    announce("");
    openSetUp(target.value, back);
  };
  const options = channels.map((one) =>
    el("option", { value: one.slug, selected: one.slug === slug }, `${one.slug} (${one.active ? "connected" : "not connected"})`),
  );
  return el("p", { class: "field" }, el("label", { for: "channel" }, "Channel"), el("select", { id: "channel", change }, options));
}

// Says which steps are done, without touching what a person is filling in.
async function refresh(slug, badges) {
  try {
    const { picqerChannels: channels } = await ask(CHANNELS);
    mark(badges, channels.find((one) => one.slug === slug)?.setUpSteps ?? []);
  } catch (error) {
    explain(error, NEEDS);
  }
}

function mark(badges, steps) {
  for (const [name, badge] of badges) {
    const isOpen = steps.includes(name);
    badge.textContent = isOpen ? " To do" : " Done";
    badge.className = isOpen ? "quiet-text" : "good";
  }
}
