// What staff can do with orders, and what came of it in words.

import { ask } from "./api.js";

export const RETRY = { field: "picqerRetryOrders", label: "Retry now", done: "queued" };
export const SEND = { field: "picqerPushOrders", label: "Send it anyway", done: "queued" };
export const AGAIN = { ...SEND, label: "Send it again" };
export const KEEP = { field: "picqerSkipOrders", label: "Keep from Picqer", done: "kept from Picqer" };

// By the name that the server gives an action that helps an order.
export const ACTIONS = { PUSH: AGAIN, RETRY, SKIP: KEEP };

// At most so many orders or deliveries are taken by one request.
export const MOST = 250;

// Acts on orders named by id. Returns the outcome as a sentence; raises ApiError.
export async function act({ field, done }, orders) {
  const mutation = `mutation ($orders: [ID!]!) {
    ${field}(orders: $orders) { count refused errors { code message } }
  }`;
  return outcome((await ask(mutation, { orders }))[field], done, orderCount);
}

// Acts on every order of a channel that is stopped by one cause.
export async function actOnCause({ field, done }, channel, cause) {
  const mutation = `mutation ($channel: String, $cause: String) {
    ${field}(channel: $channel, cause: $cause) { count refused errors { code message } }
  }`;
  return outcome((await ask(mutation, { channel, cause }))[field], done, orderCount);
}

// Says how many were accepted, how many refused, and why: each reason once, with its number.
export function outcome({ count, refused, errors }, done, words) {
  const accepted = `${words(count)} ${done}.`;
  if (!errors.length) return accepted;
  if (errors.length === 1 && !count) return errors[0].message;
  const reasons = new Map();
  for (const { code, message } of errors) {
    const { number, text } = reasons.get(code) ?? { number: 0, text: withoutName(message) };
    reasons.set(code, { number: number + 1, text });
  }
  const why = [...reasons.values()].map(({ number, text }) => (reasons.size > 1 ? `${number}: ${text}` : text));
  return `${accepted} ${words(refused ?? errors.length)} refused: ${why.join(" ")}`;
}

// The message of one order or delivery begins with its number and a colon.
function withoutName(message) {
  return message.replace(/^(Order )?\S+: /, "");
}

export function orderCount(count) {
  return count === 1 ? "1 order" : `${count} orders`;
}
