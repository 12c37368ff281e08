// Single keys, never while somebody types, and only until they are switched off on the sheet (WCAG 2.1.4).

const sheet = document.getElementById("keys");
const isOn = () => localStorage.getItem("keys") !== "off";
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

function move(step) {
  const buttons = [...document.querySelectorAll("[data-row] .govuk-button")];
  if (!buttons.length) return;
  const now = buttons.indexOf(document.activeElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, now < 0 ? 0 : now + step))].focus();
}

function toggleSheet() {
  if (!sheet) return;
  if (sheet.open) sheet.close();
  else sheet.showModal();
}

export function startKeys() {
  document.querySelector("[data-keys-open]")?.addEventListener("click", toggleSheet);
  sheet?.querySelector("[data-keys-close]").addEventListener("click", () => sheet.close());
  const box = sheet?.querySelector("[data-keys-on]");
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  }
  addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "?") toggleSheet();
    else if (sheet?.open) return;
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "n") document.getElementById("id_text")?.focus();
    else if (event.key === "/") document.getElementById("what")?.focus();
    else {
      const target = [...document.querySelectorAll("[data-key]")].find(
        (one) => one.dataset.key === event.key && one.offsetParent,
      );
      if (!target) return;
      target.click();
    }
    event.preventDefault();
  });
}
