// The tablet. One address for every screen; what is typed lives in this page's memory and nowhere else in the browser.
import { start } from "./_start.js";
import { cover, unsaved } from "./_tablet_cover.js";
import "./_tablet_live.js";
import { HOME, find, isCover, isPlain, onShow, page, settle } from "./_tablet_page.js";
import { addressOf, alarm, send, visit } from "./_tablet_send.js";
import { hold } from "./_tablet_still.js";

start();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (isPlain() || form.hasAttribute("data-plain-form")) return;
  event.preventDefault();
  if (form.hasAttribute("data-cover-form")) return cover();
  const url = addressOf(form, event.submitter);
  if (url.endsWith("/counter/send/")) {
    const more = around(form);
    page.before = null;
    return alarm(form, event.submitter, more);
  }
  // A card to show is a page of help: what was being typed waits behind it.
  if (!url.endsWith("/counter/card/")) page.before = null;
  send(form, event.submitter);
});

// The record that *Urgent help* was opened from, and what stood in its boxes: one record, and no word lost.
function around(form) {
  const behind = page.before?.nodes.flatMap((node) => [...(node.querySelectorAll?.("input[name=record]") ?? [])]) ?? [];
  const records = new Set(behind.map((box) => box.value));
  if (form.elements.record || records.size !== 1) return {};
  const { step, key, draft } = unsaved();
  return { record: [...records][0], ...(draft ? { step, draft, draft_key: key } : {}) };
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-help], a[data-urgent], a[data-page], a[data-back], a[data-part], a.call-now");
  if (!link || isPlain()) return;
  event.preventDefault();
  const part = link.hash.slice(1);
  if (link.hasAttribute("data-part")) return toPart(part);
  if (link.hasAttribute("data-back")) return goBack();
  if (!page.before && !isCover()) {
    // Where a page of help was opened from: its boxes come back as they were.
    page.before = { nodes: [...document.body.childNodes], className: document.body.className, token: page.token };
    // The nodes are put back as they are, so the page must get copies to replace.
    document.body.replaceChildren(...page.before.nodes.map((node) => node.cloneNode(true)));
  }
  visit(link.href).then(() => toPart(part));
});

// A link of the help to one of its parts, or a page of help opened at one. The address never changes.
function toPart(part) {
  const heading = part && document.getElementById(part);
  if (!heading) return;
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}

function goBack() {
  const { before } = page;
  if (!before) return visit(HOME);
  document.body.replaceChildren(...before.nodes);
  document.body.className = before.className;
  page.token = before.token;
  page.before = null;
  settle();
  find("#main")?.focus({ preventScroll: true });
  hold();
}

onShow(() => {
  if (isCover()) page.before = null;
  for (const form of document.querySelectorAll("[data-vanishes]")) {
    setTimeout(() => form.remove(), Number(form.dataset.vanishes) * 1000);
  }
});

if (!isPlain()) {
  settle();
  // Keeps the cover and the help for when there is no network, and nothing else.
  if (find("[data-clock]")) navigator.serviceWorker?.register("/counter/offline.js", { scope: HOME }).catch(() => {});
}

// A scanned picture brings the code behind the #, which no server and no log ever sees.
const code = document.querySelector("[data-plain] input[name=code]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
