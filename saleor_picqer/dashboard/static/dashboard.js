// The protocol of Saleor's dashboard, in whose frame the page is shown.

let version = [];

export function isFramed() {
  return window.parent !== window;
}

// Calls back with each token (empty for a person who lacks the permission of the page). The
// dashboard sends the first token twice, and a new one before a token expires.
export function listen(onToken) {
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || typeof data !== "object" || data === null) return;
    const payload = data.payload ?? {};
    if (data.type === "handshake") version = numbers(payload.dashboardVersion);
    const bringsToken = data.type === "handshake" || data.type === "tokenRefresh";
    if (bringsToken && typeof payload.token === "string") onToken(payload.token);
    if (data.type === "theme") setTheme(payload.theme);
  });
  send("notifyReady");
}

export function setTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}

// The dashboard's answer is not needed. The token never goes out this way, so any parent will do.
export function send(type, payload = {}) {
  const actionId = `picqer-${Date.now()}-${Math.random()}`;
  window.parent.postMessage({ type, payload: { ...payload, actionId } }, "*");
}

export function openAddress(to) {
  send("redirect", { to, newContext: true });
}

// Leads to a page of the dashboard, such as "/orders/T3JkZXI6MQ==".
export function openPath(to) {
  send("redirect", { to, newContext: false });
}

// The dashboard reads the order anew, for example its timeline.
export function refreshOrder() {
  if (isAtLeast(3, 23, 9)) send("refreshEntity");
}

// Keeps the card on the order as high as its content.
export function followHeight() {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === last || !isAtLeast(3, 23, 8)) return;
    last = height;
    send("widgetResize", { height });
  }).observe(document.body);
}

// An older dashboard throws an error for a message that it does not know.
function isAtLeast(...wanted) {
  const place = wanted.findIndex((number, index) => (version[index] ?? 0) !== number);
  return version.length > 0 && (place < 0 || (version[place] ?? 0) > wanted[place]);
}

function numbers(text) {
  return (String(text ?? "").match(/\d+/g) ?? []).slice(0, 3).map(Number);
}
