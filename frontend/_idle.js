// Nobody at the desk: the page warns, hides what it shows and asks for the password. What was typed stays in the page.
// Feed and alarm are none of its business and go on. Tabs tell each other when somebody is there.

const dialog = document.querySelector("[data-idle]");

if (dialog) watch();

function watch() {
  const after = Number(dialog.dataset.idleAfter) * 1000;
  const warn = Number(dialog.dataset.idleWarn) * 1000;
  const part = (name) => dialog.querySelector(`[data-idle-${name}]`);
  const [warning, locked] = [part("warning"), part("locked")];
  const tabs = new BroadcastChannel("idle");
  let last = Date.now();
  let told = last;
  let isLocked = false;

  function here(share = true) {
    if (isLocked) return;
    last = Date.now();
    if (warning.dataset.shown) close();
    if (!share) return;
    tabs.postMessage("here");
    if (last - told > 30_000) {
      told = last;
      send(dialog.dataset.here).then((answer) => answer.status === 423 && lock(false));
    }
  }

  function send(address, body = new FormData()) {
    body.set("csrfmiddlewaretoken", locked.elements.csrfmiddlewaretoken.value);
    return fetch(address, { method: "POST", body, headers: { Accept: "text/plain" } });
  }

  function close() {
    delete warning.dataset.shown;
    if (dialog.open) dialog.close();
  }

  function show(which) {
    warning.hidden = which !== warning;
    locked.hidden = which !== locked;
    dialog.setAttribute("aria-labelledby", which === locked ? "locked-heading" : "idle-heading");
    if (!dialog.open) dialog.showModal();
  }

  function lock(tell = true) {
    if (isLocked) return;
    isLocked = true;
    document.body.classList.add("is-locked");
    document.body.dispatchEvent(new Event("locked"));
    close();
    show(locked);
    if (tell) {
      tabs.postMessage("locked");
      // Asked again once the server knows: what is asked beside it might still be answered with rows.
      const again = () => document.body.dispatchEvent(new Event("changed"));
      send(dialog.dataset.lock).then(again, again);
    }
    sayWaiting();
    // Rows that are already here are replaced by a count; behind the hidden page nothing stays that could be read.
    document.body.dispatchEvent(new Event("changed"));
  }

  // Rows that were asked for before the lock and come after it are not put there.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (isLocked && / data-row=/.test(event.detail.serverResponse)) event.detail.shouldSwap = false;
  });

  function open(tell = true) {
    isLocked = false;
    last = Date.now();
    locked.reset();
    part("error").textContent = "";
    document.body.classList.remove("is-locked");
    close();
    document.body.dispatchEvent(new Event("unlocked"));
    document.body.dispatchEvent(new Event("changed"));
    if (tell) tabs.postMessage("open");
  }

  function sayWaiting() {
    const rows = document.querySelector("[data-waiting]");
    const slot = part("waiting");
    slot.textContent = rows ? (Number(rows.dataset.waiting) ? slot.dataset.some : slot.dataset.none) : "";
  }

  locked.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await send(dialog.dataset.again, new FormData(locked)).catch(() => null);
    if (answer?.status === 204) return open();
    part("error").textContent = answer?.status === 422 ? await answer.text() : dialog.dataset.failed || "";
    // Anything else (ended after twelve hours, signed out elsewhere) is asked on a page of its own.
    if (answer && answer.status !== 422) location.assign(dialog.dataset.again + "?next=" + encodeURIComponent(location.pathname + location.search));
    locked.elements.password?.select();
  });

  part("stay").addEventListener("click", () => here());
  dialog.addEventListener("cancel", (event) => (isLocked ? event.preventDefault() : here()));
  tabs.addEventListener("message", ({ data }) => {
    if (data === "here") here(false);
    if (data === "locked") lock(false);
    if (data === "open" && isLocked) open(false);
  });
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(kind, () => Date.now() - last > 1000 && !warning.dataset.shown && here(), { passive: true });
  }
  document.body.addEventListener("htmx:afterSwap", () => isLocked && sayWaiting());
  // A form sent from a page that should have been locked (a sleeping laptop) would come back refused: lock first.
  addEventListener("submit", (event) => {
    if (!isLocked && event.target !== locked && Date.now() - last >= after) {
      event.preventDefault();
      event.stopPropagation();
      lock();
    }
  }, true);

  setInterval(() => {
    const left = after - (Date.now() - last);
    if (isLocked) return;
    if (left <= 0) return lock();
    if (left > warn) return;
    const seconds = Math.ceil(left / 1000);
    if (!warning.dataset.shown) {
      warning.dataset.shown = "yes";
      show(warning);
    }
    part("seconds").textContent = String(seconds);
    if ([60, 30, 10].includes(seconds)) part("spoken").textContent = `${seconds}`;
  }, 500);
}
