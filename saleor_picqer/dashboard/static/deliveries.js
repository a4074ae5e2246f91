// Webhook deliveries from Picqer: the latest first, by filter, and handling them again.

import { MOST, outcome } from "./actions.js";
import { ask } from "./api.js";
import { deliveryFilter, EVENT_STATES } from "./delivery_filter.js";
import { announce, el, time } from "./elements.js";
import { saleorLink } from "./order_list.js";
import { pagedList } from "./paged_list.js";
import { whileBusy } from "./press.js";

const DELIVERIES = `query ($channel: String, $filter: PicqerDeliveryFilterInput, $first: Int!, $after: String) {
  picqerDeliveries(channel: $channel, filter: $filter, first: $first, after: $after) {
    edges { node {
      id status topic event picqerId orderId orderNumber receivedAt attempts notBefore lastError
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const REPLAY = `mutation ($ids: [ID!], $channel: String, $filter: PicqerDeliveryFilterInput) {
  picqerReplayDeliveries(ids: $ids, channel: $channel, filter: $filter) {
    count errors { code message }
  }
}`;

// Returns the deliveries of a channel, or of one order: `order` is its id.
export async function deliveryList({ channel, order }, { fail }) {
  const fixed = order ? { order } : {};
  const filter = deliveryFilter({ id: channel ?? "order", withOrder: !order, search: () => search().catch(fail) });
  const all = el("button", { type: "button", class: "quiet", click: () => whileBusy(all, replayAll) }, `Replay all that match (the latest ${MOST} at most)`);
  let wanted = fixed;
  const list = pagedList({
    name: "deliveries",
    label: "Deliveries",
    actions: [["Replay selected", (ids) => replay({ ids })]],
    read,
    row: (delivery, boxFor) => row(delivery, boxFor, replay),
    empty: "No delivery matches.",
    fail,
  });
  await search();
  return list.renewable(el("div", {}, filter.form, list.bar, el("p", { class: "buttons" }, all), list.rows, list.more));

  function search() {
    wanted = { ...filter.read(), ...fixed };
    return list.begin();
  }

  async function read(page) {
    const found = (await ask(DELIVERIES, { channel, filter: wanted, ...page })).picqerDeliveries;
    filter.know(found.edges.map(({ node }) => node.event));
    return found;
  }

  function replayAll() {
    return replay({ channel, filter: wanted });
  }

  async function replay(which) {
    try {
      announce(outcome((await ask(REPLAY, which)).picqerReplayDeliveries, "queued", deliveryCount));
      list.chooseNone();
      await search();
    } catch (error) {
      fail(error);
    }
  }
}

function row(delivery, boxFor, replay) {
  const { id, event, status, lastError, receivedAt, notBefore } = delivery;
  const name = event || "Unread delivery";
  const label = `${name} of ${new Date(receivedAt).toLocaleString()}`;
  const click = ({ target }) => whileBusy(target, () => replay({ ids: [id] }));
  return el(
    "li",
    {},
    el("p", {}, boxFor(id, label), " ", el("strong", {}, name), ", ", EVENT_STATES[status] ?? status, about(delivery)),
    el("p", { class: "quiet-text" }, time(receivedAt), notBefore && status === "RECEIVED" && [", next attempt ", time(notBefore)]),
    lastError && el("p", { class: status === "FAILED" ? "bad" : null }, lastError),
    el("p", { class: "buttons" }, el("button", { type: "button", id: `replay-${id}`, class: "quiet", "aria-label": `Replay: ${label}`, click }, "Replay")),
  );
}

function about({ orderId, orderNumber, picqerId, topic }) {
  if (orderId) return [", ", saleorLink(`order ${orderNumber || "deleted in Saleor"}`, orderId)];
  if (!picqerId) return null;
  return topic === "STOCK" ? `, product ${picqerId} in Picqer` : `, ${picqerId} in Picqer`;
}

function deliveryCount(count) {
  return count === 1 ? "1 delivery" : `${count} deliveries`;
}
