// Step 2: the shipping methods of a channel, each with a checkbox that takes effect at once.

import { ask } from "./api.js";
import { announce, el } from "./elements.js";
import { isDisabled, whileBusy } from "./press.js";

const FIELDS = "id name zone isCollectionPoint isHandled";
const METHODS = `query ($channel: String) { picqerShippingMethods(channel: $channel) { ${FIELDS} } }`;
const UPDATE = `mutation ($channel: String, $ids: [ID!]!, $handled: Boolean!) {
  picqerUpdateShippingMethods(channel: $channel, ids: $ids, handled: $handled) {
    shippingMethods { ${FIELDS} } errors { message }
  }
}`;

export function shippingSection(channel, tell) {
  const section = el("div", {}, el("p", {}, "Loading…"));
  shippingMethods(channel, tell).then((methods) => section.replaceChildren(methods), tell.fail);
  return section;
}

// Returns the methods as checkboxes.
export async function shippingMethods(channel, { fail, changed }) {
  let { picqerShippingMethods: present } = await ask(METHODS, { channel });
  if (!present.length) return el("p", {}, "The channel has no shipping method yet. Create one in Saleor, under Shipping methods.");
  const inputs = new Map(present.map((method) => [method.id, checkbox(method)]));
  const rows = present.map((method) => el("label", { class: "tick" }, inputs.get(method.id), ` ${nameOf(method)}`));
  const legend = el("legend", {}, "Picqer gets the orders with these shipping methods");
  return el("fieldset", {}, legend, ...rows);

  function checkbox(method) {
    const change = ({ target }) => whileBusy(target, async () => {
      try {
        await choose(method, target.checked);
      } catch (error) {
        target.checked = !target.checked;
        fail(error);
      }
    });
    const click = (event) => isDisabled(event.target) && event.preventDefault();
    return el("input", { type: "checkbox", checked: method.isHandled, click, change });
  }

  async function choose(method, handled) {
    const answer = (await ask(UPDATE, { channel, ids: [method.id], handled })).picqerUpdateShippingMethods;
    const words = handled ? "go to Picqer from now on" : "no longer go to Picqer";
    announce(answer.errors.map(({ message }) => message).join(" ") || `New orders with ${nameOf(method)} ${words}.`);
    // Methods of the same name may have changed together.
    present = answer.shippingMethods ?? present;
    for (const one of present) if (inputs.has(one.id)) inputs.get(one.id).checked = one.isHandled;
    changed();
  }
}

function nameOf({ name, zone, isCollectionPoint }) {
  if (isCollectionPoint) return `${name} (collection point)`;
  return zone ? `${name} (${zone})` : name;
}
