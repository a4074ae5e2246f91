// Webhook deliveries from Picqer: the latest first, by filter, and handling them again.

import { MOST, outcome } from "./actions.js";
import { ask } from "./api.js";
import { choice } from "./choice.js";
import { deliveryFilter, EVENT_STATES } from "./delivery_filter.js";
import { announce, el, time } from "./elements.js";
import { saleorLink } from "./order_list.js";

const PAGE = 20;
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
  const filter = deliveryFilter({ id: channel ?? "order", withOrder: !order, search: () => restart().catch(fail) });
  const rows = el("ul", { class: "rows", "aria-label": "Deliveries" });
  const more = el("button", { type: "button", class: "quiet" }, "Show more");
  const chosen = choice("deliveries", [["Replay selected", (ids) => replay({ ids })]]);
  const all = el("button", { type: "button", class: "quiet", click: replayAll }, `Replay all that match (the latest ${MOST} at most)`);
  let wanted = fixed;
  let after = null;
  more.addEventListener("click", () => load().catch(fail));
  await restart();
  return el("div", {}, filter.form, chosen.bar, el("p", { class: "buttons" }, all), rows, el("p", {}, more));

  async function restart() {
    wanted = { ...filter.read(), ...fixed };
    after = null;
    await load({ anew: true });
    if (!rows.children.length) rows.append(el("li", {}, "No delivery matches."));
  }

  async function load({ anew = false } = {}) {
    const { edges, pageInfo } = (await ask(DELIVERIES, { channel, filter: wanted, first: PAGE, after })).picqerDeliveries;
    if (anew) {
      chosen.clear();
      rows.replaceChildren();
    }
    rows.append(...edges.map(({ node }) => row(node, chosen, replay)));
    filter.know(edges.map(({ node }) => node.event));
    after = pageInfo.endCursor;
    more.hidden = !pageInfo.hasNextPage;
  }

  async function replayAll() {
    all.disabled = true;
    await replay({ channel, filter: wanted });
    all.disabled = false;
  }

  async function replay(which) {
    try {
      announce(outcome((await ask(REPLAY, which)).picqerReplayDeliveries, "queued", deliveryCount));
      await restart();
    } catch (error) {
      fail(error);
    }
  }
}

function row(delivery, chosen, replay) {
  const { id, event, status, lastError, receivedAt, notBefore } = delivery;
  const name = event || "Unread delivery";
  const label = `${name} of ${new Date(receivedAt).toLocaleString()}`;
  const click = async ({ target }) => {
    target.disabled = true;
    await replay({ ids: [id] });
  };
  return el(
    "li",
    {},
    el("p", {}, chosen.boxFor(id, label), " ", el("strong", {}, name), ", ", EVENT_STATES[status] ?? status, about(delivery)),
    el("p", { class: "quiet-text" }, time(receivedAt), notBefore && status === "RECEIVED" && [", next attempt ", time(notBefore)]),
    lastError && el("p", { class: status === "FAILED" ? "bad" : null }, lastError),
    el("p", { class: "buttons" }, el("button", { type: "button", class: "quiet", "aria-label": `Replay: ${label}`, click }, "Replay")),
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
