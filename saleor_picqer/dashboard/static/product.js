// What Picqer has of one product: the card on the product and the pop-up in its menu.

import { ask } from "./api.js";
import { followHeight } from "./dashboard.js";
import { announce, el, time } from "./elements.js";
import { whileBusy } from "./press.js";
import { redraw } from "./redraw.js";
import { begin, explain, parameter, say } from "./session.js";

const PAGE = 10;
const QUESTION = `query ($product: ID!, $first: Int!) {
  picqerProduct(product: $product) {
    variants(first: $first) {
      totalCount
      edges { node {
        sku name
        accounts {
          account channels code title advice picqerId sentAt lastError nextAttempt
          stock { name picqerWarehouseId free readAt offered }
        }
      } }
    }
  }
}`;
const ACTIONS = [
  {
    label: "Push this product",
    mutation: `mutation ($product: ID!) {
      result: picqerPushProduct(product: $product) { count errors { message } }
    }`,
    done: (count) => `${variantCount(count)} will be sent to Picqer in a moment.`,
  },
  {
    label: "Read stock",
    mutation: `mutation ($product: ID!) {
      result: picqerReadStock(products: [$product]) { count errors { message } }
    }`,
    done: (count) => `The stock of ${variantCount(count)} will be read from Picqer in a moment.`,
  },
];
const NEEDS = "Picqer's page of a product needs the permission \"Manage products\". An administrator can grant it to you.";
const OVERWRITTEN = "Stock comes from Picqer: what you type in Saleor is overwritten.";
// A worker has the variant, or gets it soon.
const UNDER_WAY = ["WAITING", "BUSY"];
// Milliseconds between two looks at what is under way, and how many there are.
const PAUSE = 2000;
const LOOKS = 15;
// The most that one question may ask for.
const MOST = 100;

const product = parameter("productId");
let first = PAGE;
let waiting;

begin(() => refresh(LOOKS), NEEDS);
if (document.documentElement.dataset.view === "card") followHeight();

// Looks again while a worker has a variant, or in any case with `awaited`.
async function refresh(looks, awaited = false) {
  clearTimeout(waiting);
  try {
    const { picqerProduct: found } = await ask(QUESTION, { product, first });
    if (!found) return say("There is no such product", "It may have been deleted.");
    const variants = found.variants.edges.map(({ node }) => node);
    render(variants, found.variants.totalCount);
    const isUnderWay = variants.some(({ accounts }) => accounts.some(({ code }) => UNDER_WAY.includes(code)));
    if (looks > 0 && (awaited || isUnderWay)) waiting = setTimeout(() => refresh(looks - 1, awaited), PAUSE);
  } catch (error) {
    explain(error, NEEDS);
  }
}

function render(variants, total) {
  const isConnected = variants.some(({ accounts }) => accounts.length);
  redraw([
    el("h1", { tabindex: -1 }, title(variants, total)),
    isConnected ? el("p", { class: "advice" }, OVERWRITTEN) : el("p", {}, notConnected(variants)),
    isConnected && el("p", { class: "buttons" }, ACTIONS.map(button)),
    variants.map(section),
    more(variants.length, total),
  ]);
}

function title(variants, total) {
  const states = variants.flatMap(({ accounts }) => accounts);
  const failed = states.filter(({ code }) => code === "FAILED").length;
  if (failed) return `${variantCount(failed)} could not be sent to Picqer`;
  if (states.length && states.every(({ code }) => code === "SENT")) {
    if (variants.length === total) return total === 1 ? "Picqer has the product" : `Picqer has all ${total} variants`;
  }
  return "The product in Picqer";
}

function notConnected(variants) {
  return variants.length ? "Picqer is not switched on in any channel." : "The product has no variants.";
}

function button({ label, mutation, done }, index) {
  const act = async () => {
    announce("");
    try {
      const { count, errors } = (await ask(mutation, { product })).result;
      announce(errors.map((one) => one.message).join(" ") || done(count));
      await refresh(LOOKS, !errors.length);
    } catch (error) {
      explain(error, NEEDS);
    }
  };
  const click = ({ target }) => whileBusy(target, act);
  return el("button", { type: "button", id: `action-${index}`, class: index ? "quiet" : null, click }, label);
}

function section({ sku, name, accounts }) {
  return accounts.map((state) => {
    const several = accounts.length > 1 && ` (${state.account})`;
    return el(
      "section",
      {},
      el("h2", {}, sku || "No SKU", name && name !== sku && ` · ${name}`, several),
      el("p", { class: state.code === "FAILED" ? "bad" : null }, state.title, state.picqerId && ` idproduct ${state.picqerId}.`),
      state.lastError && el("p", { class: "bad" }, state.lastError),
      state.nextAttempt && el("p", {}, "Next attempt: ", time(state.nextAttempt), "."),
      state.sentAt && el("p", { class: "quiet-text" }, "Last sent ", time(state.sentAt), "."),
      state.advice && el("p", { class: "advice" }, state.advice),
      stockTable(state.stock, sku),
    );
  });
}

function stockTable(stock, sku) {
  if (!stock.length) return null;
  const head = ["Warehouse", "Free in Picqer", "Offered", "Read"];
  const rows = stock.map(({ name, picqerWarehouseId, free, readAt, offered }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name || `Warehouse ${picqerWarehouseId}, not in Saleor`),
      el("td", {}, free ?? "–"),
      el("td", {}, offered ?? "–"),
      el("td", {}, readAt ? time(readAt) : "not read"),
    ),
  );
  return el(
    "table",
    {},
    el("caption", {}, `Stock of ${sku}`),
    el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows),
  );
}

function more(shown, total) {
  if (shown >= total) return null;
  if (shown >= MOST) return el("p", { class: "quiet-text" }, `${shown} of ${total} variants are shown.`);
  const click = () => {
    first = Math.min(first + PAGE * 3, MOST);
    refresh(LOOKS);
  };
  return el("p", {}, el("button", { type: "button", id: "more", class: "quiet", click }, `Show more of the ${total} variants`));
}

function variantCount(count) {
  return count === 1 ? "1 variant" : `${count} variants`;
}
