// What staff can do with orders, and what came of it in words.

import { ask } from "./api.js";

export const RETRY = { field: "picqerRetryOrders", label: "Retry now", done: "queued" };
export const SEND = { field: "picqerPushOrders", label: "Send it anyway", done: "queued" };
export const KEEP = { field: "picqerSkipOrders", label: "Keep from Picqer", done: "kept from Picqer" };

// Acts on orders named by id. Returns the outcome as a sentence; raises ApiError.
export async function act({ field, done }, orders) {
  const mutation = `mutation ($orders: [ID!]!) {
    ${field}(orders: $orders) { count errors { message } }
  }`;
  return outcome((await ask(mutation, { orders }))[field], done);
}

// Acts on every order of a channel that is stopped by one cause.
export async function actOnCause({ field, done }, channel, cause) {
  const mutation = `mutation ($channel: String, $cause: String) {
    ${field}(channel: $channel, cause: $cause) { count errors { message } }
  }`;
  return outcome((await ask(mutation, { channel, cause }))[field], done);
}

function outcome({ count, errors }, done) {
  const reasons = [...new Set(errors.map((error) => error.message))];
  const accepted = `${orderCount(count)} ${done}.`;
  if (!errors.length) return accepted;
  const why = reasons.slice(0, 3).join(" ") + (reasons.length > 3 ? " …" : "");
  return count ? `${accepted} ${orderCount(errors.length)} refused: ${why}` : why;
}

export function orderCount(count) {
  return count === 1 ? "1 order" : `${count} orders`;
}
