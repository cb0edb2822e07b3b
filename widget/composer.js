/** Where the customer writes: grows with the text, sends on Enter, counts down near the limit. */

import { el, icon } from './dom.js';
import { texts } from './texts.fr.js';

/** The counter appears for the last tenth of the room. */
const COUNTED_SHARE = 0.1;

export class Composer {
  input = el('textarea', {
    id: 'input',
    rows: 1,
    placeholder: texts.placeholder,
    'aria-describedby': 'counter',
    'data-testid': 'guichet-input',
    autocomplete: 'off',
    enterkeyhint: 'send',
  });
  #send = el(
    'button',
    { type: 'submit', class: 'send', 'aria-label': texts.send, 'data-testid': 'guichet-send', disabled: true },
    icon('send'),
  );
  #counter = el('p', { id: 'counter', class: 'counter', role: 'status' });
  #limit = 2000;
  #uploads;
  #onSend;

  /**
   * @param {import('./uploads.js').Uploads} uploads
   * @param {(text: string) => void} onSend
   */
  constructor(uploads, onSend) {
    this.#uploads = uploads;
    this.#onSend = onSend;
    this.form = el(
      'form',
      { class: 'composer', novalidate: true },
      el('label', { for: 'input', class: 'hidden' }, texts.input),
      ...uploads.parts,
      el('div', { class: 'field' }, uploads.button, this.input, this.#send),
      this.#counter,
    );
    this.form.addEventListener('submit', (event) => this.#submit(event));
    this.input.addEventListener('input', () => this.refresh());
    this.input.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {number} limit in characters, as the server counts them */
  set limit(limit) {
    this.#limit = limit;
    this.refresh();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // 229: Safari's Enter that ends an input-method composition.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!this.#sendable()) return;
    this.input.value = '';
    this.refresh();
    this.#onSend(text);
  }

  /** @returns {number} Unicode characters left, not UTF-16 units */
  #left() {
    return this.#limit - [...this.input.value.trim()].length;
  }

  /** @returns {boolean} whether there is something to send: text, files or both */
  #sendable() {
    return this.#left() >= 0 && (!!this.input.value.trim() || this.#uploads.of().some(({ hopeless }) => !hopeless));
  }

  refresh() {
    const left = this.#left();
    this.#send.disabled = !this.#sendable();
    this.#counter.textContent =
      left < 0 ? texts.tooLong(-left) : left <= this.#limit * COUNTED_SHARE ? texts.left(left) : '';
    this.#counter.classList.toggle('over', left < 0);
    this.input.setAttribute('aria-invalid', String(left < 0));
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
