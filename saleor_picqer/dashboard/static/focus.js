// Where the keyboard goes from an element that was replaced.

// Returns the element, or the one that has taken its place, or else the fallback.
export function successor(former, fallback) {
  if (former.isConnected) return former;
  return (former.id && document.getElementById(former.id)) || fallback;
}
