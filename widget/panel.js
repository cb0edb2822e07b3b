/** The panel's frame: header, log, notices, footer; how it opens, closes and fits the screen. */

import { el, icon, round } from './dom.js';
import { texts } from './texts.fr.js';

/** Below this width the panel takes the whole screen. */
const SMALL = '(max-width: 480px)';

/** How long a notice stays, in milliseconds. */
const NOTICE = 8000;

export class Panel {
  parts = parts();
  #onClose;
  #onMail;
  #small = matchMedia(SMALL);
  /** @type {number | undefined} */
  #noticeTimer;

  /**
   * @param {HTMLElement} composer
   * @param {PanelListener} listener
   */
  constructor(composer, { onClose, onMail }) {
    this.#onClose = onClose;
    this.#onMail = onMail;
    this.root = frame(this.parts, composer);
    const { menu, close, mail, mailForm, email } = this.parts;
    mail.addEventListener('click', () => {
      mailForm.hidden = false;
      email.focus();
    });
    mailForm.addEventListener('submit', (event) => this.#mail(event));
    close.addEventListener('click', onClose);
    menu.addEventListener('click', () => this.menu(menu.getAttribute('aria-expanded') === 'false'));
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('pointerdown', (event) => this.#pointed(event));
    this.root.addEventListener('cancel', (event) => {
      // A file picker closed without a choice says so as well.
      if (event.target !== this.root) return;
      event.preventDefault();
      onClose();
    });
  }

  get isOpen() {
    return this.root.open;
  }

  /** @param {AbortSignal} signal */
  watchScreen(signal) {
    this.#small.addEventListener('change', () => this.isOpen && this.open(), { signal });
    visualViewport?.addEventListener('resize', () => this.#fit(), { signal });
    visualViewport?.addEventListener('scroll', () => this.#fit(), { signal });
  }

  /** Over the whole of a small screen the panel is modal, beside the page it is not. */
  open() {
    const host = /** @type {ShadowRoot} */ (this.root.getRootNode());
    const focused = /** @type {HTMLElement | null} */ (host.activeElement);
    if (this.root.open) this.root.close();
    if (this.#small.matches) this.root.showModal();
    else this.root.setAttribute('open', '');
    this.#fit();
    focused?.focus();
  }

  close() {
    this.menu(false);
    this.root.close();
  }

  /** @param {boolean} on */
  menu(on) {
    this.parts.options.hidden = !on;
    this.parts.mailForm.hidden = true;
    this.parts.wrong.textContent = '';
    this.parts.menu.setAttribute('aria-expanded', String(on));
  }

  /** @param {string} text shown for a while; empty takes the last one away */
  notice(text) {
    clearTimeout(this.#noticeTimer);
    this.parts.notice.textContent = text;
    if (text) this.#noticeTimer = setTimeout(() => this.notice(''), NOTICE);
  }

  /** @param {boolean} on */
  offline(on) {
    this.parts.banner.textContent = on ? texts.offline : '';
  }

  /** @param {State} state */
  state(state) {
    this.root.dataset.state = state;
    this.parts.state.textContent = texts.state[state];
    this.parts.footer.textContent = texts.notice[state];
    this.parts.ended.hidden = state !== 'closed';
  }

  /** @param {SubmitEvent} event */
  async #mail(event) {
    event.preventDefault();
    const { email, wrong, menu } = this.parts;
    const button = /** @type {HTMLButtonElement} */ (event.submitter);
    wrong.textContent = '';
    button.disabled = true;
    try {
      if (!email.validity.valid) throw new Error(texts.wrongEmail);
      await this.#onMail(email.value);
      this.menu(false);
      this.notice(texts.mailed(email.value));
      menu.focus();
    } catch (error) {
      wrong.textContent = /** @type {Error} */ (error).message;
      email.focus();
    }
    button.disabled = false;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    if (this.parts.options.hidden) return this.#onClose();
    this.menu(false);
    this.parts.menu.focus();
  }

  /** @param {PointerEvent} event outside the menu it closes the menu */
  #pointed(event) {
    const path = event.composedPath();
    if (!path.includes(this.parts.menu) && !path.includes(this.parts.options)) this.menu(false);
  }

  /** Leaves room for the on-screen keyboard, which some browsers lay over the page. */
  #fit() {
    const { style } = this.root;
    const view = visualViewport;
    const covered = view && this.#small.matches && view.scale === 1 && view.height < innerHeight - 1;
    style.height = covered ? `${view.height}px` : '';
    style.top = covered ? `${view.offsetTop}px` : '';
  }
}

/**
 * @param {ReturnType<typeof parts>} found
 * @param {HTMLElement} composer
 */
function frame(found, composer) {
  // The empty title keeps the browser from showing the host's `title` as a tooltip over everything.
  return el(
    'dialog',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', 'data-testid': 'guichet-panel', lang: 'fr', title: '' },
    el(
      'div',
      { class: 'top' },
      el('span', { class: 'avatar' }, icon('robot'), icon('headset')),
      el('div', { class: 'names' }, found.title, found.state),
      found.menu,
      found.close,
      found.options,
      found.person,
    ),
    found.banner,
    found.log,
    found.jump,
    found.notice,
    found.ended,
    composer,
    found.footer,
  );
}

function parts() {
  const restart = el('button', { 'data-testid': 'guichet-restart' }, texts.restart);
  const erase = el('button', { 'data-testid': 'guichet-erase' }, texts.erase);
  const mail = el('button', { 'data-testid': 'guichet-mail' }, texts.mail);
  const email = el('input', {
    id: 'email',
    type: 'email',
    required: true,
    autocomplete: 'email',
    'aria-describedby': 'wrong',
    'data-testid': 'guichet-email',
  });
  const wrong = el('p', { id: 'wrong', class: 'wrong', role: 'alert' });
  const mailForm = el(
    'form',
    { novalidate: true, hidden: true },
    el('label', { for: 'email' }, texts.email),
    email,
    wrong,
    el('button', { type: 'submit', class: 'solid', 'data-testid': 'guichet-send-mail' }, texts.sendMail),
  );
  const again = el('button', { class: 'solid', 'data-testid': 'guichet-again' }, texts.restart);
  return {
    title: el('h2', { id: 'title' }),
    state: el('p', { class: 'state', role: 'status', 'data-testid': 'guichet-state' }),
    menu: round('menu', texts.menu, 'menu', { 'aria-expanded': 'false', 'aria-controls': 'options' }),
    close: round('close', texts.close, 'close'),
    options: el('div', { id: 'options', class: 'options', hidden: true }, mail, restart, erase, mailForm),
    mail,
    mailForm,
    email,
    wrong,
    restart,
    erase,
    person: el(
      'button',
      { class: 'person', 'data-testid': 'guichet-person' },
      icon('person'),
      texts.person,
    ),
    banner: el('p', { class: 'banner', role: 'status', 'data-testid': 'guichet-offline' }),
    log: el('div', {
      class: 'log',
      role: 'log',
      'aria-live': 'polite',
      'aria-relevant': 'additions',
      'aria-label': texts.log,
      'data-testid': 'guichet-log',
      tabindex: 0,
    }),
    jump: el('button', { class: 'jump', hidden: true }, icon('down'), texts.jump),
    notice: el('p', { class: 'notice', role: 'status', 'data-testid': 'guichet-notice' }),
    ended: el('div', { class: 'ended', hidden: true }, el('p', {}, texts.ended), again),
    again,
    footer: el('p', { class: 'foot' }),
  };
}

/** Distance to the end, in pixels, still taken for "at the end". */
const NEAR = 48;
const MARGIN = 12;

/** Keeps the latest message in sight, unless the customer is reading further up. */
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
