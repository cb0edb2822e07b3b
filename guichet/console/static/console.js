/** What the console's pages do beyond their forms: keyboard shortcuts, copying, showing a password. Everything works without. */

import { watchKeys } from "./shortcuts.js";

watchKeys();

for (const button of document.querySelectorAll("[data-copy]")) {
  if (button instanceof HTMLButtonElement && navigator.clipboard) offerCopy(button);
}
for (const button of document.querySelectorAll("[data-reveal]")) {
  if (button instanceof HTMLButtonElement) offerReveal(button);
}

/**
 * Copies the text of the element that `data-copy` names.
 * @param {HTMLButtonElement} button
 */
function offerCopy(button) {
  const label = button.querySelector("span");
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!label || !source) return;
  label.setAttribute("role", "status");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((source.textContent ?? "").trim());
    label.textContent = "Copié";
  });
}

/**
 * Shows and hides the password that `data-reveal` names.
 * @param {HTMLButtonElement} button
 */
function offerReveal(button) {
  const field = document.getElementById(button.dataset.reveal ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  const hide = () => show(false);
  /** @param {boolean} shown */
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? "Masquer" : "Afficher";
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", hide);
}
