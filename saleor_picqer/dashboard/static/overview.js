// The app's own page: what needs attention.

import { el, show } from "./elements.js";
import { orderList } from "./order_list.js";
import { begin, explain } from "./session.js";

const NEEDS = "Picqer needs the permission \"Manage orders\". An administrator can grant it to you.";

begin(open, NEEDS);

async function open() {
  try {
    const list = await orderList({ fail, changed: open });
    show(el("h1", { tabindex: -1 }, "Picqer"), el("h2", {}, "Orders that need attention"), list);
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  explain(error, NEEDS);
}
