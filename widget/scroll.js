/** Keeps the latest message in sight, unless the customer is reading further up. */

/** Distance to the end, in pixels, still taken for "at the end". */
const NEAR = 48;
const MARGIN = 12;

export class Scroll {
  #boxes;
  #log;
  #jump;
  #pinned = true;
  #height = 0;

  /**
   * @param {HTMLElement} panel scrolls instead of the log on very low screens
   * @param {HTMLElement} log
   * @param {HTMLElement} jump the button that leads back to the end
   */
  constructor(panel, log, jump) {
    this.#boxes = [log, panel];
    this.#log = log;
    this.#jump = jump;
    for (const box of this.#boxes) box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => {
      this.#height = log.clientHeight;
      this.stay();
    }).observe(log);
    jump.addEventListener('click', () => this.end());
  }

  /** Follows what grew below the messages. */
  stay() {
    if (this.#pinned) this.end();
  }

  end() {
    for (const box of this.#boxes) box.scrollTop = box.scrollHeight;
    this.#pinned = true;
    this.#jump.hidden = true;
  }

  /**
   * @param {HTMLElement} node the message that has just appeared
   * @param {boolean} own said by the customer: always shown
   */
  follow(node, own) {
    if (!own && !this.#pinned) {
      this.#jump.hidden = false;
      return;
    }
    this.end();
    // A long answer is read from its beginning.
    const above = this.#log.getBoundingClientRect().top - node.getBoundingClientRect().top + MARGIN;
    if (!own && above > 0) this.#log.scrollTop -= above;
  }

  #scrolled() {
    // Moved by a change of height, not by the customer.
    if (this.#log.clientHeight !== this.#height) return;
    this.#pinned = this.#boxes.every((box) => box.scrollHeight - box.clientHeight - box.scrollTop < NEAR);
    if (this.#pinned) this.#jump.hidden = true;
  }
}
