// One's own account and signing in: passkeys, and the lock.
import "./_idle.js";
import { start } from "./_start.js";

start();

// A passkey: the page carries what the browser must be asked, the form carries its answer.
const button = document.querySelector("[data-passkey]");
const data = document.getElementById("passkey-options");

async function ask() {
  const { publicKey } = JSON.parse(data.textContent);
  return button.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

if (button && data) {
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    button.hidden = true;
  }
  button.addEventListener("click", async () => {
    const said = document.querySelector("[data-passkey-said]");
    try {
      const credential = await ask();
      const form = button.closest("form");
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      said.textContent = said.dataset.words;
    }
  });
}

// Back from a force's own sign-in: go on by ourselves, so that the browser sends our own cookies along.
const on = document.querySelector("[data-goes-on]");
if (on instanceof HTMLFormElement) on.requestSubmit();
