// The link from the app's own page to the check of a channel.

import { el } from "./elements.js";

export function doctorLink(slug) {
  return el("p", {}, el("a", { href: address("/doctor", slug) }, "Check everything"));
}

export function overviewLink() {
  return el("a", { href: address("/overview") }, "Back to the overview");
}

// The theme and what else the dashboard has given stays in the query; a new channel comes last.
function address(page, slug) {
  const query = new URLSearchParams(location.search);
  query.delete("channel");
  if (slug) query.append("channel", slug);
  return `${location.pathname.replace(/\/app(\/.*)?$/, `/app${page}`)}?${query}`;
}
