// Sending: until an answer comes, the same bytes with the same key, so that it is one record. Memory only.
import { find, isCover, onShow, page, settle, show } from "./_tablet_page.js";
import { change } from "./_tablet_still.js";

const RETRY_MS = 3000;
const PATIENCE_MS = 10_000;
const TRIES_OF_A_FAULT = 5;
const KEPT_MS = 10 * 60_000;

const lane = []; // one after the other: a cover never overtakes an answer
let running = false;
let failing = false; // the last attempt of anything had no answer
let rest = null; // what had been typed when the turn was found to be over

export const busy = () => lane.some((item) => !item.quiet);

const pause = () =>
  new Promise((done) => {
    const timer = setTimeout(go, RETRY_MS);
    function go() {
      clearTimeout(timer);
      removeEventListener("online", go);
      done();
    }
    addEventListener("online", go);
  });

// True at every moment: something was not sent, or what is shown may be old, or neither.
export function notices(connected = !failing) {
  failing = !connected;
  change(() => {
    const unsent = failing && lane.some((item) => item.words);
    const [first, second] = [find("[data-not-sent]"), find("[data-no-connection]")];
    if (first) first.hidden = !unsent;
    if (second) second.hidden = unsent || !failing || Boolean(find("[data-offline]"));
  });
}

async function deliver(item) {
  for (let faults = 0; ; ) {
    try {
      const answer = await fetch(item.url, {
        method: "POST",
        body: item.body,
        // The press's own key: every try of it, its lines in the server's log and its rows of the audit log hold the same.
        headers: { "X-Sitting": item.token, "X-Correlation-Id": item.body.get("key") ?? "" },
        redirect: "follow",
        keepalive: Boolean(item.cover),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      // A server that is stopping or starting: not an answer. The same fault again and again is one.
      if (answer.status >= 500 && (answer.status > 500 || ++faults < TRIES_OF_A_FAULT)) throw new Error("no answer");
      const html = await answer.text();
      failing = false;
      return { status: answer.status, html };
    } catch {
      failing = true;
      notices(false);
      await pause();
    }
  }
}

async function pump() {
  if (running) return;
  running = true;
  while (lane.length) {
    const item = lane[0];
    const { status, html } = await deliver(item);
    if (lane[0] !== item) continue; // an alarm went past it, and what it shows stands
    lane.shift();
    if (status === 409 && html.includes("data-gone")) {
      rest = item;
      setTimeout(forget, KEPT_MS);
    }
    // What comes back after the cover went up is nobody's business any more.
    if (!page.covering || (item.cover && !lane.length)) await arrive(html, item);
    notices();
  }
  running = false;
}

// The alarm's own answer says no more than that it is in the queue: it stands where the button was until the next screen,
// which is asked for by itself, is there.
async function arrive(html, item) {
  const sent = new DOMParser().parseFromString(html, "text/html").querySelector("[data-sent]");
  if (!sent) return show(html);
  const onward = sent.querySelector("form");
  item.form?.replaceWith(sent.querySelector("[data-awake]"));
  settle();
  const next = await deliver({ url: onward.action, body: new URLSearchParams(new FormData(onward)), token: page.token });
  if (!page.covering) show(next.html);
}

export function send(form, button) {
  if (busy()) return;
  const body = new URLSearchParams(new FormData(form, button));
  setBusy(form);
  post({ url: addressOf(form, button), body, words: true });
}

// A button without an address of its own gives the page's address for it, not its form's.
export const addressOf = (form, button) => (button?.hasAttribute("formaction") ? button.formAction : form.action);

export function post(item) {
  lane.push({ token: page.token, ...item });
  pump();
}

// The alarm waits for nothing.
export async function alarm(form, button, more) {
  const body = new URLSearchParams([...new FormData(form, button), ...Object.entries(more)]);
  const item = { url: form.action, body, token: page.token, form, words: true, quiet: true };
  setBusy(form);
  lane.push(item);
  if (lane.length === 1) return pump();
  lane.splice(lane.indexOf(item), 1);
  const { html } = await deliver(item);
  lane.length = 0;
  await arrive(html, item);
  notices();
}

function setBusy(form) {
  form.setAttribute("aria-busy", "true");
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
}

// A page that is only read.
export async function visit(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Sitting": page.token }, signal: AbortSignal.timeout(PATIENCE_MS) });
    const kept = page.token;
    show(await answer.text());
    page.token = page.token || (isCover() ? "" : kept);
    // A page that was kept for when there is no network bears an old key: each time it is shown is a new alarm.
    const key = find(".urgent-send [name=key]");
    if (key && crypto.randomUUID) key.value = crypto.randomUUID();
    notices(true);
  } catch {
    notices(false);
  }
}

// The turn was over (a restart, another tablet): once the PIN brought the same question back, so are its boxes.
onShow(() => {
  const form = find("form[data-draft]");
  if (!rest || !form) return;
  const now = new FormData(form);
  if (now.get("record") === rest.body.get("record") && now.get("step") === rest.body.get("step")) {
    for (const [name, value] of rest.body) {
      for (const box of form.elements[name] instanceof RadioNodeList ? form.elements[name] : [form.elements[name]]) {
        if (!box || box.type === "hidden" || box.type === "submit") continue;
        if (box.type === "checkbox" || box.type === "radio") box.checked = box.checked || box.value === value;
        else box.value = value;
      }
    }
    rest = null;
  }
});

export const forget = () => {
  rest = null;
};

onShow(() => notices());
