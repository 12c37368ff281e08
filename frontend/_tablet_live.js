// Live: the part of a screen that changes by itself asks again whenever something changed, and every few seconds anyway.
// Also on the cover, where nobody touches anything.
import { HOME, find, isCover, isPlain, onShow, page } from "./_tablet_page.js";
import { busy, notices, visit } from "./_tablet_send.js";
import { change } from "./_tablet_still.js";

const ASK_MS = 5000;
// A cover with nothing open, whose stream is heard: every tablet of the country stands like that, nearly always.
const ASK_IDLE_MS = 5 * 60_000;
const BEAT_MS = 15_000;
const PATIENCE_MS = 10_000;
const HEARTBEAT_MS = 60_000;
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" };

let stream = null;
let heard = 0; // when the stream was last heard
let asked = 0; // when the server was last asked
let asking = false;
let again = false;
let lock = null;

export async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  const form = find("form[data-refresh]");
  if (busy() || page.covering) return;
  if (find("[data-offline]")) return visit(HOME);
  if (!form) return;
  asking = true;
  asked = Date.now();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Sitting": page.token },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status >= 500) throw new Error("no answer");
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (next) change(() => find("form[data-refresh]") === form && renew(next));
    notices(true);
    await stayAwake();
  } catch {
    asked = 0; // until there is an answer, again with the next tick
    notices(false);
  } finally {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

// The same element stays, so that what is new in it is read out.
function renew(next) {
  const here = find("[data-live]");
  if (!here || next.outerHTML === here.outerHTML) return;
  here.replaceChildren(...next.childNodes);
  here.toggleAttribute("data-awake", next.hasAttribute("data-awake"));
  stayAwake();
}

// While something sent is unread, the screen may not fall asleep.
async function stayAwake() {
  const wanted = Boolean(find("#main [data-awake]"));
  try {
    if (wanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen");
    if (!wanted && lock) {
      await lock.release();
      lock = null;
    }
  } catch {
    lock = null; // refused while hidden or on an empty battery: asked again with the next answer
  }
  document.body.dataset.awake = lock && !lock.released ? "yes" : "no";
}

function listen() {
  if (stream || isPlain()) return;
  stream = new EventSource("/live/tablet");
  stream.addEventListener("changed", refresh);
  stream.addEventListener("ready", refresh);
  for (const name of ["ready", "beat"]) stream.addEventListener(name, () => (heard = Date.now()));
  // A browser tries again by itself after a broken connection, but never after an answer such as 503.
  stream.addEventListener("error", ({ target }) => {
    heard = 0;
    if (target.readyState !== EventSource.CLOSED) return;
    stream = null;
    setTimeout(listen, 5_000);
  });
}

onShow(() => {
  listen();
  stayAwake();
});

function isIdle() {
  return isCover() && find("[data-live]")?.childElementCount === 0 && Date.now() - heard < BEAT_MS;
}

addEventListener("offline", refresh);
setInterval(() => {
  if (!isIdle() || Date.now() - asked > ASK_IDLE_MS) refresh();
}, ASK_MS);
setInterval(() => {
  const clock = find("[data-clock]");
  if (clock) clock.textContent = new Date().toLocaleTimeString("en-GB", CLOCK);
}, ASK_MS);
setInterval(() => {
  if (!isPlain()) fetch("/counter/heartbeat/", { method: "POST" }).catch(() => {});
}, HEARTBEAT_MS);
