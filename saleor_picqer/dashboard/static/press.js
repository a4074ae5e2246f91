// Buttons and boxes that wait for an answer. A disabled one would lose the keyboard's place, so it
// is only called disabled, and its presses are ignored.

const busy = new WeakSet();

export function isDisabled(element) {
  return element.getAttribute("aria-disabled") === "true";
}

// An element whose action waits for an answer stays disabled until then.
export function setDisabled(element, wanted) {
  if (wanted || busy.has(element)) element.setAttribute("aria-disabled", "true");
  else element.removeAttribute("aria-disabled");
}

// Acts unless an element is disabled, and lets no press of the elements through meanwhile.
export async function whileBusy(elements, act) {
  const pressed = [elements].flat();
  if (pressed.some(isDisabled)) return;
  pressed.forEach((one) => busy.add(one));
  pressed.forEach((one) => setDisabled(one, true));
  try {
    await act();
  } finally {
    pressed.forEach((one) => busy.delete(one));
    pressed.map(present).forEach((one) => one && setDisabled(one, false));
  }
}

// Where the page was drawn anew meanwhile, another element with the same id has its place.
function present(element) {
  return element.isConnected ? element : element.id && document.getElementById(element.id);
}
