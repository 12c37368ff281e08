// The page never moves under the finger: nothing changes by itself while one is on the glass, and for a moment after
// something has moved, or a new screen has come, no tap reaches it. The keyboard is never held up.
const MOVED_MS = 700;
const NEW_MS = 400; // the second tap of a shaking hand belongs to the screen before
const LONGEST_MS = 3000; // a finger whose end was never heard of

const CONTROLS = "#main :is(a[href], button, input, label, select, summary, textarea)";

const down = new Map();
let waiting = [];
let timer = 0;
let until = 0;

export function hold(milliseconds = NEW_MS) {
  until = Math.max(until, performance.now() + milliseconds);
  document.documentElement.dataset.settling = "";
  clearTimeout(timer);
  timer = setTimeout(() => delete document.documentElement.dataset.settling, until - performance.now());
}

const places = () => [...document.querySelectorAll(CONTROLS)].map((one) => [one, one.getBoundingClientRect()]);

function moved(before) {
  return before.some(([one, was]) => {
    const is = one.getBoundingClientRect();
    return is.width && was.width && (Math.abs(is.top - was.top) > 1 || Math.abs(is.left - was.left) > 1);
  });
}

// Changes something above what can be touched; at once, or as soon as the finger is gone.
export function change(what) {
  for (const [finger, since] of down) if (performance.now() - since > LONGEST_MS) down.delete(finger);
  if (down.size) {
    waiting.push(what);
    return;
  }
  const before = places();
  what();
  if (moved(before)) hold(MOVED_MS);
}

function lifted({ pointerId }) {
  down.delete(pointerId);
  // After the click that the finger made.
  setTimeout(() => {
    if (down.size) return;
    const now = waiting;
    waiting = [];
    for (const what of now) change(what);
  }, 50);
}

addEventListener("pointerdown", ({ pointerId }) => down.set(pointerId, performance.now()), { passive: true });
addEventListener("pointerup", lifted, { passive: true });
addEventListener("pointercancel", lifted, { passive: true });
