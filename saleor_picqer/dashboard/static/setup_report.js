// What the test of a connection found, in words.

import { ask } from "./api.js";
import { el } from "./elements.js";

const CHECK = `mutation ($channel: String) {
  picqerCheckConnection(channel: $channel) {
    connection { account user missingRights limit remaining events missingEvents }
    errors { message }
  }
}`;

export async function connectionReport(channel) {
  const { connection, errors } = (await ask(CHECK, { channel })).picqerCheckConnection;
  const title = el("h3", {}, "Test of the connection");
  if (!connection) return [title, ...errors.map(({ message }) => el("p", { class: "bad" }, message))];
  const { account, user, missingRights: rights, missingEvents: missing } = connection;
  const lines = [
    good(`Picqer answers at ${account}. The API key belongs to ${user ?? "a user whom the key may not read"}.`),
    rights.length
      ? bad(`The API key may not read: ${rights.join(", ")}. Give it these rights in Picqer.`)
      : good("The API key has all rights that the plugin needs to read."),
    budget(connection),
    missing.length
      ? bad(`Picqer has no active webhook for: ${missing.join(", ")}. A worker registers webhooks within a minute; then test again.`)
      : good(`Picqer reports ${connection.events.length} kinds of events to Saleor.`),
  ];
  return [title, el("ul", {}, lines)];
}

function budget({ limit, remaining }) {
  if (limit == null) return el("li", {}, "Picqer did not say how many requests it allows.");
  return el("li", {}, `Picqer allows ${limit} requests per minute, of which ${remaining} are left.`);
}

function good(words) {
  return el("li", { class: "good" }, words);
}

function bad(words) {
  return el("li", { class: "bad" }, words);
}
