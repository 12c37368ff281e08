// The alarm: armed by one click that is heard, kept alive by beats, repeated until somebody opens what waits.
// Notifications and the tab hold no content.

const BEAT_EVERY = 10_000;
const SOUND_EVERY = 4_000;
const QUIET_FOR = 60_000;
const DEAD_TURNS = 3; // a dead feed sounds once in so many turns

const armed = document.querySelector("[data-armed]");
const form = document.querySelector("[data-arm-form]");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

let audio;
let touched = true;
let quietUntil = 0;
let heard = new Set();
let heardOf = { newest: "", waiting: 0 }; // the ids are the first hundred; past them the newest and the count tell
let deadTurns = 0;

// An id of this browser tab and nothing else, so that going from page to page stays one watch.
const page = sessionStorage.getItem("page") ?? crypto.randomUUID();
sessionStorage.setItem("page", page);

function tone(high = 880) {
  const start = audio.currentTime;
  for (const [at, hertz] of [[0, high], [0.25, high * 0.75], [0.5, high]]) {
    const sound = audio.createOscillator();
    const volume = audio.createGain();
    sound.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, start + at);
    volume.gain.exponentialRampToValueAtTime(0.001, start + at + 0.22);
    sound.connect(volume).connect(audio.destination);
    sound.start(start + at);
    sound.stop(start + at + 0.24);
  }
  armed.dataset.sounded = String(Number(armed.dataset.sounded ?? 0) + 1);
}

function show(state) {
  armed.dataset.armed = state;
  if (state === "yes") sessionStorage.setItem("armed", "yes");
  else sessionStorage.removeItem("armed");
}

async function post(path) {
  const body = new URLSearchParams({ page, csrfmiddlewaretoken: token() });
  if (touched) body.set("touched", "on");
  touched = false;
  const answer = await fetch(path, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  return answer.status;
}

async function arm() {
  audio ??= new AudioContext();
  await audio.resume();
  if (audio.state !== "running") return;
  tone();
  if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  touched = true;
  if ((await post(form.action)) === 204) show("yes");
}

// After going to another page the sound may need a click again: then the page is not armed, and says so.
async function goOn() {
  if (sessionStorage.getItem("armed") !== "yes") return;
  audio ??= new AudioContext();
  const ready = await Promise.race([audio.resume().then(() => true), new Promise((no) => setTimeout(no, 500))]);
  if (ready && audio.state === "running") show("yes");
}

async function beat(isLive) {
  if (armed.dataset.armed !== "yes" || !isLive()) return;
  try {
    if ((await post(form.action.replace("arm/", "beat/"))) === 409) show("no");
  } catch {
    // No network: the queue's own bar says so, and the watch lapses by itself.
  }
}

const ids = () => (document.querySelector("[data-loud]")?.dataset.loud ?? "").split(" ").filter(Boolean);

function whatWaits() {
  const { newest = "", waiting = "0" } = document.querySelector("[data-loud]")?.dataset ?? {};
  return { newest, waiting: Number(waiting) };
}

function isFresh() {
  const now = whatWaits();
  return ids().some((id) => !heard.has(id)) || now.newest > heardOf.newest || (now.waiting > heardOf.waiting && now.waiting > 100);
}

function ring(isDead = () => false) {
  if (armed.dataset.armed !== "yes") return;
  // A feed that is dead cannot say what waits: low and slow, until it is back or quiet is asked for.
  if (isDead()) {
    for (const silence of document.querySelectorAll("[data-silence]")) silence.hidden = false;
    if (Date.now() > quietUntil && ++deadTurns % DEAD_TURNS === 1) tone(330);
    return;
  }
  deadTurns = 0;
  const loud = ids();
  for (const silence of document.querySelectorAll("[data-silence]")) silence.hidden = !loud.length;
  const fresh = isFresh();
  heardOf = whatWaits();
  if (fresh) {
    quietUntil = 0;
    notify();
  }
  heard = new Set(loud);
  if (loud.length && Date.now() > quietUntil) tone(988);
}

function notify() {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    new Notification(document.querySelector("[data-live]").dataset.wordsWaiting, { tag: "desk", renotify: true });
  } catch {
    // Some browsers allow it only in a service worker; the sound is the alarm.
  }
}

export function startAlarm(isLive, isDead) {
  if (!armed || !form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    arm();
  });
  armed.querySelector("[data-silence]")?.addEventListener("click", () => (quietUntil = Date.now() + QUIET_FOR));
  armed.querySelector("[data-disarm]")?.addEventListener("click", async () => {
    await post(form.action.replace("arm/", "disarm/"));
    show("no");
  });
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    addEventListener(kind, () => (touched = true), { passive: true, capture: true });
  }
  goOn().then(() => beat(isLive));
  setInterval(() => beat(isLive), BEAT_EVERY);
  setInterval(() => ring(isDead), SOUND_EVERY);
  document.body.addEventListener("htmx:afterSwap", () => {
    if (isFresh()) ring();
  });
}

// Who has a record open: told every 15 seconds while this page is seen.
export function startPresence() {
  const path = document.body.dataset.present;
  if (!path) return;
  const tell = () => {
    if (!document.hidden) {
      fetch(path, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token() }) }).catch(() => {});
    }
  };
  tell();
  setInterval(tell, 15_000);
}
