// Live: the part of a screen that changes by itself asks again whenever something changed, and every few seconds anyway.
// Also on the cover, where nobody touches anything.
import { HOME, find, isPlain, onShow, page } from "./_tablet_page.js";
import { busy, notices, visit } from "./_tablet_send.js";
import { change } from "./_tablet_still.js";

const ASK_MS = 5000;
const PATIENCE_MS = 10_000;
const HEARTBEAT_MS = 60_000;
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" };

let stream = null;
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
  // A browser tries again by itself after a broken connection, but never after an answer such as 503.
  stream.addEventListener("error", ({ target }) => {
    if (target.readyState !== EventSource.CLOSED) return;
    stream = null;
    setTimeout(listen, 5_000);
  });
}

onShow(() => {
  listen();
  stayAwake();
});

setInterval(refresh, ASK_MS);
setInterval(() => {
  const clock = find("[data-clock]");
  if (clock) clock.textContent = new Date().toLocaleTimeString("en-GB", CLOCK);
}, ASK_MS);
setInterval(() => {
  if (!isPlain()) fetch("/counter/heartbeat/", { method: "POST" }).catch(() => {});
}, HEARTBEAT_MS);
