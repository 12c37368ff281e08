// Nothing that an officer is writing is lost by another button of the same page: forms of a record are sent from here,
// the record is put in anew, and what stood unsaved in the other forms goes back. It is kept in this page's memory only.
import { start } from "./_start.js";

const inFlight = new Set(); // actions; the same one again meanwhile is the same click
let last = Promise.resolve();

const formsOf = (place) => [...place.querySelectorAll("form[action]")];

const isPick = (box) => box.type === "checkbox" || box.type === "radio";

function isChanged(box) {
  if (!box.name || ["hidden", "submit", "button"].includes(box.type)) return false;
  // A form that came back refused holds what was typed as if it had always stood there.
  if ("refused" in box.form.dataset || box.form.querySelector(".govuk-error-summary")) return isPick(box) ? box.checked : box.value !== "";
  if (isPick(box)) return box.checked !== box.defaultChecked;
  if (box instanceof HTMLSelectElement) {
    const first = [...box.options].findIndex((one) => one.defaultSelected);
    return box.selectedIndex !== Math.max(0, first);
  }
  return box.value !== box.defaultValue;
}

function unsaved(place, sent) {
  return formsOf(place)
    .filter((form) => form.getAttribute("action") !== sent)
    .flatMap((form) => [...form.elements].filter(isChanged).map((box) => ({ action: form.getAttribute("action"), box })));
}

function putBack(place, kept) {
  for (const { action, box } of kept) {
    const form = formsOf(place).find((one) => one.getAttribute("action") === action);
    const same = [...(form?.elements ?? [])].find((one) => one.name === box.name && (!isPick(box) || one.value === box.value));
    if (!same) continue;
    if (isPick(box)) same.checked = box.checked;
    else same.value = box.value;
    same.closest("details")?.setAttribute("open", "");
  }
}

// A part of the page that was opened stays open: what was refused in it is mended there.
function keepOpen(place, fresh) {
  const name = (one) => one.querySelector("summary")?.textContent.trim();
  const open = new Set([...place.querySelectorAll("details[open]")].map(name));
  for (const one of fresh.querySelectorAll("details")) if (open.has(name(one))) one.setAttribute("open", "");
}

function say(place, text) {
  const notice = document.createElement("p");
  notice.className = "notice notice--late";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  place.querySelector(":scope > .notice")?.remove();
  place.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function focusAgain(place, action, name) {
  if (place.querySelector(".govuk-error-summary")) return; // it takes the focus itself
  const button = formsOf(place)
    .find((one) => one.getAttribute("action") === action)
    ?.querySelector(`button${name ? `[value="${CSS.escape(name)}"]` : ""}`);
  const heading = place.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  (button ?? heading)?.focus();
}

// Somebody who went on writing while a button's answer was under way goes on where they are.
function whereWriting(place, sent) {
  const box = document.activeElement;
  if (!place.contains(box) || !box.matches("textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) return null;
  const [action, name, start, end] = [box.form?.getAttribute("action"), box.name, box.selectionStart, box.selectionEnd];
  if (action === sent) return null; // what was refused takes the focus itself
  return (fresh) => {
    const form = formsOf(fresh).find((one) => one.getAttribute("action") === action);
    const same = [...(form?.elements ?? [])].find((one) => one.name === name);
    same?.focus();
    if (same && start !== null) same.setSelectionRange(start, end);
    return Boolean(same);
  };
}

async function send(action, body, button) {
  const answer = await fetch(action, { method: "POST", body: new URLSearchParams(body) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-keeps]");
  const record = document.querySelector("[data-keeps]");
  const kept = unsaved(record, action);
  if (fresh) {
    keepOpen(record, fresh);
    putBack(fresh, kept);
    if (!answer.ok) formsOf(fresh).find((one) => one.getAttribute("action") === action)?.setAttribute("data-refused", "");
    const writing = whereWriting(record, action);
    record.replaceWith(fresh);
    window.htmx.process(fresh);
    start();
    if (!writing?.(fresh)) focusAgain(fresh, action, button?.value);
  } else if (answer.ok && (new URL(answer.url).pathname !== location.pathname || !kept.length)) {
    location.assign(answer.url);
  } else {
    const why = page.querySelector(".notice, h1, .govuk-heading-l")?.textContent.trim();
    say(record, why || record.dataset.notSent);
    document.body.dispatchEvent(new Event("changed"));
  }
}

export function startKeeping() {
  if (!document.querySelector("[data-keeps]")) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.target || !form.closest("[data-keeps]")) return;
    event.preventDefault();
    const [action, body] = [form.getAttribute("action"), new FormData(form, event.submitter)];
    if (inFlight.has(action)) return;
    inFlight.add(action);
    // One after the other, each with what stood in it when it was clicked: a second button is never lost to a slow first.
    last = last
      .then(() => send(action, body, event.submitter))
      .catch(() => {
        const record = document.querySelector("[data-keeps]");
        say(record, record.dataset.notSent);
      })
      .finally(() => inFlight.delete(action));
  });
}
