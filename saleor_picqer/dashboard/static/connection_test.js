// The button that tests a channel's connection to Picqer.

import { announce, el } from "./elements.js";
import { whileBusy } from "./press.js";
import { connectionReport } from "./setup_report.js";

export function connectionTest(channel, { fail }) {
  const test = async () => {
    announce("Picqer is asked. This takes about ten requests …");
    try {
      const [, ...parts] = await connectionReport(channel);
      announce(parts.flatMap(lines).join(" "));
    } catch (error) {
      fail(error);
    }
  };
  const click = ({ target }) => whileBusy(target, test);
  const button = el("button", { type: "button", id: `test-${channel}`, class: "quiet", click }, "Test connection");
  return el("p", { class: "buttons" }, button);
}

// The entries of a list, or the text of a paragraph.
function lines(part) {
  return (part.children.length ? [...part.children] : [part]).map((one) => one.textContent);
}
