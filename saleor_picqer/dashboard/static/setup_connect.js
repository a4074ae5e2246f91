// Step 1: the settings of a channel by group, saved together, and the test of the connection.

import { ask } from "./api.js";
import { announce, el } from "./elements.js";
import { whileBusy } from "./press.js";
import { settingField } from "./setup_fields.js";
import { connectionReport } from "./setup_report.js";

const CHOICE = "value label name alone";
const SETTINGS = `query ($channel: String) {
  picqerSettings(channel: $channel) { active state settings { name group } }
}`;
const GROUP = `query ($channel: String, $names: [String!]) {
  picqerSettings(channel: $channel) { settings(names: $names) {
    name label help kind required value isSet default choices { ${CHOICE} } keys { ${CHOICE} } choicesProblem
  } }
}`;
const UPDATE = `mutation ($channel: String, $input: PicqerSettingsInput!) {
  picqerUpdateSettings(channel: $channel, input: $input) {
    settings { active } warning errors { setting message }
  }
}`;

export function connectSection(channel, tell) {
  const section = el("div", {}, el("p", {}, "Loading…"));
  new Settings(channel, section, tell).load();
  return section;
}

class Settings {
  constructor(channel, section, tell) {
    Object.assign(this, { channel, section, tell });
    this.report = el("div", { id: "connection" });
  }

  async load() {
    try {
      const found = (await ask(SETTINGS, { channel: this.channel })).picqerSettings;
      this.active = found.active;
      // The groups, whose fields are read once somebody unfolds them: choices cost requests.
      this.fields = new Map();
      this.groups = new Map();
      for (const { name, group } of found.settings) this.groups.set(group, [...(this.groups.get(group) ?? []), name]);
      this.render(found.state);
      await this.folded[0].read();
    } catch (error) {
      this.tell.fail(error);
    }
  }

  render(state) {
    const unfolded = (this.folded ?? []).filter(({ element }) => element.open).map(({ title }) => title);
    this.folded = [...this.groups].map(([title, names], index) => this.group(title, names, index === 0 || unfolded.includes(title)));
    const submit = (event) => {
      event.preventDefault();
      whileBusy(event.submitter, () => this.save({ active: true }));
    };
    const button = (label, act) => el("button", { type: "button", class: "quiet", click: ({ target }) => whileBusy(target, act) }, label);
    this.section.replaceChildren(
      el("p", { class: "quiet-text" }, state),
      el(
        "form",
        { submit, novalidate: true },
        ...this.folded.map((group) => group.element),
        el(
          "p",
          { class: "buttons" },
          el("button", {}, this.active ? "Save" : "Save and connect"),
          this.active && button("Test connection", () => this.test()),
          this.active && button("Switch off", () => this.save({ active: false })),
        ),
      ),
      this.report,
    );
  }

  group(title, names, isOpen) {
    const body = el("div", {});
    const element = el("details", { open: isOpen }, el("summary", {}, title), body);
    let reading;
    const read = () => (reading ??= this.read(names, body));
    element.addEventListener("toggle", () => element.open && read().catch(this.tell.fail));
    return { title, element, names, read };
  }

  async read(names, body) {
    const { settings } = (await ask(GROUP, { channel: this.channel, names })).picqerSettings;
    const fields = settings.map(settingField);
    fields.forEach((field) => this.fields.set(field.name, field));
    body.replaceChildren(...fields.map((field) => field.row));
  }

  async save({ active }) {
    announce("");
    // Who switches Picqer off leaves the settings as they are.
    const changed = active ? [...this.fields.values()].filter((field) => field.isChanged()) : [];
    const settings = changed.map((field) => ({ name: field.name, value: field.value() }));
    try {
      const answer = (await ask(UPDATE, { channel: this.channel, input: { active, settings } })).picqerUpdateSettings;
      if (answer.errors.length) return await this.refuse(answer.errors);
      await this.saved(active, answer.warning);
    } catch (error) {
      this.tell.fail(error);
    }
  }

  async saved(active, warning) {
    this.report.replaceChildren();
    await this.load();
    this.section.querySelector("form > .buttons > button").focus();
    announce([active ? "Saved." : "Picqer is switched off in this channel.", warning].filter(Boolean).join(" "));
    this.tell.changed();
    if (active) await this.test();
  }

  // Says at each field what is wrong, unfolds its group, and goes to the first one.
  async refuse(errors) {
    for (const field of this.fields.values()) field.complain("");
    for (const { setting, message } of errors) {
      const group = this.folded.find(({ names }) => names.includes(setting));
      if (!group) continue;
      group.element.open = true;
      await group.read();
      this.fields.get(setting).complain(message);
    }
    const other = errors.filter(({ setting }) => !this.fields.has(setting)).map(({ message }) => message);
    const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
    announce(other.join(" ") || `Nothing was saved: ${count}. See the fields.`);
    this.fields.get(errors[0].setting)?.focus();
  }

  async test() {
    try {
      this.report.replaceChildren(...(await connectionReport(this.channel)));
    } catch (error) {
      this.tell.fail(error);
    }
  }
}
