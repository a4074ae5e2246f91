// The test of a channel's connection to Picqer, with what it found in words.

import { ask } from "./api.js";
import { announce, el } from "./elements.js";

const TEST = `mutation ($channel: String) {
  picqerCheckConnection(channel: $channel) {
    connection { account user missingRights limit remaining missingEvents }
    errors { message }
  }
}`;

export function connectionTest(channel, { fail }) {
  const click = async ({ target }) => {
    target.disabled = true;
    announce(`Asking Picqer about ${channel} …`);
    try {
      announce(inWords((await ask(TEST, { channel })).picqerCheckConnection));
    } catch (error) {
      fail(error);
    }
    target.disabled = false;
  };
  const button = el("button", { type: "button", id: `test-${channel}`, class: "quiet", click }, "Test connection");
  return el("p", { class: "buttons" }, button);
}

function inWords({ connection, errors }) {
  if (!connection) return errors.map((error) => error.message).join(" ");
  const { account, user, missingRights, limit, remaining, missingEvents } = connection;
  const rate = limit == null ? "" : ` ${remaining} of ${limit} requests a minute are left.`;
  return (
    `Picqer answers at ${account}${user ? ` to the key of ${user}` : ""}.` +
    lacking(missingRights, "The key lacks these rights", "The key has all rights that it needs.") +
    lacking(missingEvents, "Webhooks are missing for", "All webhooks are active.") +
    rate
  );
}

function lacking(names, what, otherwise) {
  return names.length ? ` ${what}: ${names.join(", ")}.` : ` ${otherwise}`;
}
