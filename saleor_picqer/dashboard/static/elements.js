// Builds elements. Text is only ever set as text, so that nothing in it can become HTML.

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

// Flattens lists, and leaves out what is missing.
function present(children) {
  return children.flat(2).filter((child) => child != null && child !== false && child !== "");
}

// A link to a web page, or its text alone where the address is none.
export function link(text, address, open) {
  if (!isWebAddress(address)) return el("span", {}, text);
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer" };
  if (!open) return el("a", attributes, text);
  const click = (event) => {
    event.preventDefault();
    open(address);
  };
  return el("a", { ...attributes, click }, text);
}

export function isWebAddress(text) {
  return /^https?:\/\//i.test(text ?? "") && URL.canParse(text);
}

export function time(moment) {
  if (!moment) return "";
  const words = new Date(moment).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return el("time", { datetime: moment }, words);
}

export function show(...content) {
  const main = document.querySelector("main");
  main.removeAttribute("aria-busy");
  main.replaceChildren(...present(content));
}

// Says something in words, to the eye and to a screen reader.
export function announce(text) {
  document.getElementById("result").textContent = text;
}
