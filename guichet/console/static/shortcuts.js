/**
 * Keyboard shortcuts. A link, button or field that has `data-key="g c"` or `data-key="n"` is followed, pressed or entered by these keys,
 * one after the other. `?` opens their list. They can be switched off (WCAG 2.1.4) in the list, for this browser.
 */

const OFF = "guichet-shortcuts-off";
const SEQUENCE_MS = 1500;
const STANDS_FOR_ITSELF = "input, textarea, select, [contenteditable], [role=textbox]";

/** Listens to the page's keys from now on. */
export function watchKeys() {
  const list = document.getElementById("shortcuts");
  if (!(list instanceof HTMLDialogElement)) return;
  for (const opener of document.querySelectorAll("[data-shortcuts]")) {
    if (!(opener instanceof HTMLElement)) continue;
    opener.hidden = false;
    opener.addEventListener("click", () => list.showModal());
  }
  offerSwitch();
  document.addEventListener("keydown", keysTo(list));
}

function offerSwitch() {
  const box = document.getElementById("shortcuts-on");
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = !areOff();
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}

function areOff() {
  return localStorage.getItem(OFF) !== null;
}

/**
 * What these keys call, if anything.
 * @param {string} keys
 */
function called(keys) {
  return document.querySelector(`[data-key="${keys.split(" ").map(CSS.escape).join(" ")}"]`);
}

/**
 * @param {HTMLDialogElement} list
 * @returns {(event: KeyboardEvent) => void}
 */
function keysTo(list) {
  let first = "";
  let at = 0;
  return (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || areOff()) return;
    if (event.target instanceof Element && event.target.closest(STANDS_FOR_ITSELF)) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (event.key === "?") {
      event.preventDefault();
      list.showModal();
      return;
    }
    const target = (event.timeStamp - at < SEQUENCE_MS && first && called(`${first} ${event.key}`)) || called(event.key);
    first = !target && document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`) ? event.key : "";
    at = event.timeStamp;
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    if (target.matches(STANDS_FOR_ITSELF)) target.focus();
    else target.click();
  };
}
