// The desk. Rows are read by the officer's own request; the stream only says that something changed, and that it lives.
import { startAlarm, startPresence } from "./_alarm.js";
import "./_posted.js";
import "./_idle.js";
import { startKeeping } from "./_keep.js";
import { startKeys } from "./_keys.js";
import { start } from "./_start.js";

const STALE_AFTER = 8_000;
const DEAD_AFTER = 15_000;

start();

let lastBeat = 0;
let serverAhead = 0; // server time minus this machine's, so that clocks run on the server's

// --- Live or not: a beat travels database → listener → stream → here; without one the page says so ----------------

const bar = document.querySelector("[data-live]");

function showState() {
  if (!bar) return;
  // Before the first beat it is never live, and late only when it should have come by then.
  const age = lastBeat ? since(lastBeat) : sinceLoad();
  const state = age >= DEAD_AFTER ? "dead" : age >= STALE_AFTER ? "stale" : lastBeat ? "live" : "connecting";
  if (bar.dataset.liveState !== state) bar.dataset.liveState = state;
  const checked = lastBeat ? `${Math.round(age / 1000)} ${bar.dataset.wordsSeconds}` : "–";
  for (const slot of bar.querySelectorAll("[data-live-checked]")) slot.textContent = checked;
  showTitle(state);
}

const loaded = Date.now();
// A clock that was set back must not make what is old look new.
const since = (moment) => Math.abs(Date.now() - moment);
const sinceLoad = () => since(loaded);
const plainTitle = document.title;

function showTitle(state) {
  const waiting = Number(document.querySelector("[data-waiting]")?.dataset.waiting || 0);
  document.title = state === "dead" ? `${bar.dataset.wordsDead} · ${plainTitle}` : waiting ? `(${waiting}) ${plainTitle}` : plainTitle;
}

function beat() {
  lastBeat = Date.now();
  const time = new Date(lastBeat + serverAhead).toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
  for (const slot of bar?.querySelectorAll("[data-live-since]") ?? []) slot.textContent = time;
  showState();
}

// One commit wakes every open page of a force. An armed page that is seen reads at once; the others a moment later, each at a
// time of its own, so that they do not stand in its way. What comes within the moment is read with it.
const SOON = 40;
const A_LITTLE_LATER = 250;
const LATER = 500;
let reading = 0;

function readAnew() {
  if (reading) return;
  const isArmed = document.querySelector("[data-armed]")?.dataset.armed === "yes";
  const within = !isArmed ? LATER : document.hidden ? A_LITTLE_LATER : SOON;
  reading = setTimeout(() => {
    reading = 0;
    document.body.dispatchEvent(new Event("changed"));
  }, Math.random() * within);
}

function connect() {
  const source = new EventSource("/live/desk");
  source.addEventListener("beat", beat);
  for (const kind of ["ready", "changed"]) {
    source.addEventListener(kind, () => {
      if (kind === "ready") beat();
      readAnew();
    });
  }
  source.addEventListener("signed-out", () => location.reload());
  // A browser tries again by itself after a broken connection, but never after an answer such as 503.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5_000);
  });
}

if (document.body.dataset.topic) connect();
setInterval(showState, 1000);

// --- Clocks, from server time -------------------------------------------------------------------------------------

function readServerTime() {
  const now = document.querySelector("[data-now]")?.dataset.now;
  if (now) serverAhead = new Date(now) - Date.now();
}

function runClocks() {
  for (const clock of document.querySelectorAll("[data-clock-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() + serverAhead - new Date(clock.dataset.clockSince)) / 1000));
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const two = (n) => String(n).padStart(2, "0");
    clock.textContent = h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
  }
}

readServerTime();
runClocks();
setInterval(runClocks, 1000);
document.body.addEventListener("htmx:afterSwap", () => {
  readServerTime();
  runClocks();
  showState();
  start();
});
// What stands above the rows comes with every reading; put in only when it changed, or it would be read out every time.
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.matches("[data-told]")) return;
  const next = document.createElement("div");
  next.append(fragment.cloneNode(true));
  const plain = (one) => one.textContent.replace(/\s+/g, " ").trim();
  if (plain(next) === plain(target)) event.detail.shouldSwap = false;
});

// *Seen* leaves the page where it is: somebody may be writing in it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-told] button[formaction]");
  if (!button) return;
  event.preventDefault();
  await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(button.form)) }).catch(() => {});
  document.body.dispatchEvent(new Event("changed"));
});

// A signed-out answer must not be swapped into the queue.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 403) location.reload();
  else if (choosingIn(event.detail.target)) onlyHear(event);
});

// While somebody has a list open in the rows, the rows stay under their hand; what waits is heard all the same.
const choosingIn = (target) => target.matches("[data-rows]") && target.querySelector("select:focus, details[open]:focus-within");

function onlyHear(event) {
  event.detail.shouldSwap = false;
  const [now, next] = [event.detail.target, new DOMParser().parseFromString(event.detail.serverResponse, "text/html")].map((one) =>
    one.querySelector("[data-loud]"),
  );
  if (now && next) Object.assign(now.dataset, { loud: next.dataset.loud, newest: next.dataset.newest ?? "", waiting: next.dataset.waiting });
}

document.body.addEventListener("focusout", (event) => {
  if (event.target.closest("[data-rows] select")) setTimeout(() => document.body.dispatchEvent(new Event("changed")));
});

startAlarm(
  () => lastBeat && since(lastBeat) < STALE_AFTER,
  () => bar?.dataset.liveState === "dead",
);
startKeeping();
startPresence();
startKeys();
