/** The panel's frame: header, log, notices, footer; how it opens, closes and fits the screen. */

import { el, icon } from './dom.js';
import { texts } from './texts.fr.js';

/** Below this width the panel takes the whole screen. */
const SMALL = '(max-width: 480px)';

/** How long a notice stays, in milliseconds. */
const NOTICE = 8000;

export class Panel {
  parts = parts();
  #onClose;
  #small = matchMedia(SMALL);
  /** @type {number | undefined} */
  #noticeTimer;

  /**
   * @param {HTMLElement} composer
   * @param {() => void} onClose the customer wants the panel closed
   */
  constructor(composer, onClose) {
    this.#onClose = onClose;
    this.root = frame(this.parts, composer);
    const { menu, close } = this.parts;
    close.addEventListener('click', onClose);
    menu.addEventListener('click', () => this.menu(menu.getAttribute('aria-expanded') === 'false'));
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('pointerdown', (event) => this.#pointed(event));
    this.root.addEventListener('cancel', (event) => {
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

  /** @param {import('./protocol.js').State} state */
  state(state) {
    this.root.dataset.state = state;
    this.parts.state.textContent = texts.state[state];
    this.parts.footer.textContent = texts.notice[state];
    this.parts.ended.hidden = state !== 'closed';
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
  const restart = el('button', { type: 'button', 'data-testid': 'guichet-restart' }, texts.restart);
  const erase = el('button', { type: 'button', 'data-testid': 'guichet-erase' }, texts.erase);
  const again = el('button', { type: 'button', class: 'solid', 'data-testid': 'guichet-again' }, texts.restart);
  return {
    title: el('h2', { id: 'title' }),
    state: el('p', { class: 'state', role: 'status', 'data-testid': 'guichet-state' }),
    menu: el(
      'button',
      { type: 'button', class: 'round', 'aria-label': texts.menu, 'aria-expanded': 'false', 'aria-controls': 'options', 'data-testid': 'guichet-menu' },
      icon('menu'),
    ),
    close: el(
      'button',
      { type: 'button', class: 'round', 'aria-label': texts.close, 'data-testid': 'guichet-close' },
      icon('close'),
    ),
    options: el('div', { id: 'options', class: 'options', hidden: true }, restart, erase),
    restart,
    erase,
    person: el(
      'button',
      { type: 'button', class: 'person', 'data-testid': 'guichet-person' },
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
    jump: el('button', { type: 'button', class: 'jump', hidden: true }, icon('down'), texts.jump),
    notice: el('p', { class: 'notice', role: 'status', 'data-testid': 'guichet-notice' }),
    ended: el('div', { class: 'ended', hidden: true }, el('p', {}, texts.ended), again),
    again,
    footer: el('p', { class: 'foot' }),
  };
}
