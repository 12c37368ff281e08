// The cover: by one touch, by itself after a while, when the page is hidden, and for good when it is left.
import { HOME, find, isCover, isPlain, onShow, page, sheet } from "./_tablet_page.js";
import { busy, forget, notices, post } from "./_tablet_send.js";

const WARN_MS = 15_000;
const ALONE_MS = 10 * 60_000;

let timers = [];
let aloneUntil = 0;

// What stands in the boxes and was not saved: kept on the server, for the same person.
export function unsaved() {
  // Also when the cover goes up over a page of help.
  const behind = page.before?.nodes.map((node) => node.querySelector?.("form[data-draft]")).find(Boolean);
  const form = find("form[data-draft]") ?? behind;
  if (!form || busy()) return {};
  const skip = new Set(["sitting", "key", "record", "step"]);
  const now = new FormData(form);
  const typed = [...form.elements].some((box) => /^(text|textarea|date|time)$/.test(box.type) && box.value.trim());
  const ticked = form.querySelector("input:checked:not([value=not_known])");
  if (!typed && !ticked) return {};
  const boxes = [...now].filter(([name]) => !skip.has(name));
  return { record: now.get("record"), step: now.get("step"), key: now.get("key"), draft: JSON.stringify(boxes) };
}

export function cover() {
  const form = find("[data-cover-form]");
  if (!form || isCover() || page.covering) return;
  const body = new URLSearchParams({ ...Object.fromEntries(new FormData(form)), ...unsaved() });
  aloneUntil = 0;
  page.before = null;
  forget();
  stop();
  sheet();
  notices();
  post({ url: form.action, body, cover: true, words: body.has("draft"), quiet: true });
}

function stop() {
  for (const timer of timers) clearTimeout(timer);
  timers = [];
}

export function arm() {
  stop();
  const warning = find("[data-warning]");
  if (warning) warning.hidden = true;
  const seconds = Number(document.body.dataset.coverAfter);
  if (!seconds || isCover() || isPlain()) return;
  const wait = Math.max(seconds * 1000, aloneUntil - Date.now());
  timers.push(setTimeout(() => warning && (warning.hidden = false), Math.max(wait - WARN_MS, 0)), setTimeout(cover, wait));
}

onShow(() => {
  if (isCover()) aloneUntil = 0;
  arm();
});

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(
    kind,
    (event) => {
      // A button of the warning must still be there when the finger lifts.
      if (!event.target.closest?.("[data-warning]")) arm();
    },
    { passive: true },
  );
}

addEventListener("click", (event) => {
  if (event.target.closest("[data-alone]")) aloneUntil = Date.now() + ALONE_MS;
  if (event.target.closest("[data-alone], [data-stay]")) arm();
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") cover();
});

// The back/forward cache keeps a page as it was left: leave nothing.
addEventListener("pagehide", () => {
  if (isPlain()) return;
  cover();
  document.body.replaceChildren();
  document.body.className = "is-cover";
  page.token = "";
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(HOME);
});
