// The tablet. One address for every screen; what is typed lives in this page's memory and nowhere else in the browser.
import { start } from "./_start.js";

const RETRY_MS = 3000;
const HEARTBEAT_MS = 60_000;
const HOME = "/counter/";

start();

let token = document.body.dataset.token || "";
let waiting = null; // a submission that has no answer yet
let stream = null;
let coverTimer = 0;

const screenNow = () => document.querySelector("[data-screen]");
const isCover = () => document.body.classList.contains("is-cover");
const isPlain = () => screenNow()?.hasAttribute("data-plain") ?? true;

// --- Screens ----------------------------------------------------------------

function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  const main = next.querySelector("#main");
  const always = next.querySelector(".always");
  if (!main || !next.querySelector("[data-screen]")) {
    // An answer that is no screen (a fault, a tablet that lost its access): show it whole.
    document.body.replaceChildren(...next.body.childNodes);
    return;
  }
  document.querySelector("#main").replaceWith(main);
  if (always) document.querySelector(".always")?.replaceWith(always);
  document.body.className = next.body.className;
  document.body.dataset.coverAfter = next.body.dataset.coverAfter || "";
  document.title = next.title;
  token = next.body.dataset.token || "";
  start();
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
  settle();
}

function settle() {
  armCover();
  listen();
  for (const form of document.querySelectorAll("[data-vanishes]")) {
    setTimeout(() => form.remove(), Number(form.dataset.vanishes) * 1000);
  }
}

function notSent(yes) {
  const notice = document.querySelector("[data-not-sent]");
  if (notice) notice.hidden = !yes;
}

// --- Sending: until an answer comes, the same bytes with the same key, so that it is one record -------------------

async function send(form, button) {
  if (waiting) return;
  const body = new URLSearchParams(new FormData(form, button));
  waiting = { url: form.action, body };
  setBusy(form, true);
  while (waiting) {
    try {
      const answer = await fetch(waiting.url, {
        method: "POST",
        body: waiting.body,
        headers: { "X-Sitting": token },
        redirect: "follow",
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.status >= 502) throw new Error("no server");
      const html = await answer.text();
      waiting = null;
      notSent(false);
      show(html);
    } catch {
      notSent(true);
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
  setBusy(form, false);
}

function setBusy(form, busy) {
  form.setAttribute("aria-busy", String(busy));
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", String(busy));
}

async function visit(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Sitting": token }, signal: AbortSignal.timeout(10_000) });
    const kept = token;
    show(await answer.text());
    token = token || kept;
  } catch {
    notSent(true);
  }
}

document.addEventListener("submit", (event) => {
  if (isPlain()) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

let before = null; // where Help was opened from: its form fields come back as they were

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-help], a[data-urgent], a[data-back], a.call-now");
  if (!link || isPlain()) return;
  event.preventDefault();
  if (link.hasAttribute("data-back")) return goBack();
  if (!before && !isCover()) before = { main: document.querySelector("#main"), always: document.querySelector(".always"), className: document.body.className, token };
  visit(link.href);
});

function goBack() {
  if (!before) return visit(HOME);
  document.querySelector("#main").replaceWith(before.main);
  document.querySelector(".always")?.replaceWith(before.always);
  document.body.className = before.className;
  token = before.token;
  before = null;
  settle();
}

// --- Cover: by itself after a while, when the page is hidden, and for good when it is left ------------------------

function armCover() {
  clearTimeout(coverTimer);
  const seconds = Number(document.body.dataset.coverAfter);
  if (seconds && !isCover() && !isPlain()) coverTimer = setTimeout(cover, seconds * 1000);
}

function cover() {
  before = null;
  const form = document.querySelector("[data-cover-form]");
  if (form) send(form, null);
}

for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, armCover, { passive: true });

addEventListener("pagehide", () => {
  // The back/forward cache keeps a page as it was left: leave nothing.
  if (!isPlain()) {
    document.body.replaceChildren();
    token = "";
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(HOME);
});

// --- Live: the receipt asks again whenever something changed, and every few seconds in any case -------------------

function listen() {
  stream ??= connect();
}

function connect() {
  const source = new EventSource("/live/tablet");
  source.addEventListener("changed", refresh);
  source.addEventListener("ready", refresh);
  return source;
}

let refreshing = false;

async function refresh() {
  const form = document.querySelector("form[data-refresh]");
  const receipt = document.querySelector("[data-receipt]");
  if (!form || !receipt || refreshing || waiting) return;
  refreshing = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Sitting": token },
      signal: AbortSignal.timeout(5000),
    });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-receipt]");
    const here = document.querySelector("[data-receipt]");
    if (next && here && next.innerHTML !== here.innerHTML) here.replaceWith(next);
    notSent(false);
  } catch {
    notSent(true);
  } finally {
    refreshing = false;
  }
}

setInterval(refresh, 5000);
setInterval(() => {
  const clock = document.querySelector("[data-clock]");
  if (clock) clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}, 5000);
setInterval(() => {
  if (!isPlain()) fetch("/counter/heartbeat/", { method: "POST" }).catch(() => {});
}, HEARTBEAT_MS);

if (!isPlain()) settle();
