/**
 * `<guichet-chat>`: the customer-service chat of a shop. Attributes, methods, event and custom properties: docs/integration.md.
 *
 * Until the customer opens it, this file is all that is fetched, and nothing is stored or sent.
 */

/** Seen before texts.fr.js, which holds all other texts, is fetched. */
const LABEL = 'Une question\u202f?';
const NAME = 'Ouvrir l’aide en ligne';
const UNREAD = ' (nouveau message)';

const SVG = 'http://www.w3.org/2000/svg';
const BUBBLE = 'M20 11.5a7.5 7.5 0 0 1-7.5 7.5H5l1.6-3.1A7.5 7.5 0 1 1 20 11.5Z M9.5 10h6 M9.5 13.5h3.5';

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host {
  all: initial;
  --_accent: var(--guichet-accent, #0f5f7a);
  --_on-accent: var(--guichet-on-accent, #fff);
  --_font: var(--guichet-font, -apple-system, "Segoe UI", Roboto, Ubuntu, Cantarell, "Liberation Sans", system-ui, sans-serif);
  --_x: var(--guichet-offset-x, 24px);
  --_y: var(--guichet-offset-y, 24px);
  position: fixed;
  z-index: var(--guichet-layer, 2147483000);
  right: max(var(--_x), env(safe-area-inset-right));
  bottom: calc(var(--_y) + env(safe-area-inset-bottom));
  font-family: var(--_font);
  line-height: 1.5;
}
:host([side="left"]) { right: auto; left: max(var(--_x), env(safe-area-inset-left)); }
:host([hidden]) { display: none; }
.launcher {
  display: flex; align-items: center; gap: .6em;
  min-height: 3.5em; padding: 0 1.35em 0 1.1em;
  border: 1px solid transparent; border-radius: 99px;
  background: var(--_accent); color: var(--_on-accent);
  font: 600 1em/1 var(--_font); cursor: pointer;
  box-shadow: 0 1px 2px #10203033, 0 10px 28px -6px #10203066;
  transition: transform .2s;
}
.launcher:hover { transform: translateY(-2px); }
.launcher:focus-visible { outline: 3px solid var(--_accent); outline-offset: 3px; box-shadow: 0 0 0 3px #fff, 0 10px 28px -6px #10203066; }
.launcher[hidden] { display: none; }
.launcher svg { width: 1.6em; height: 1.6em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.launcher.unread::after {
  content: ""; position: absolute; top: 1px; right: 5px; width: 13px; height: 13px;
  border: 2px solid #fff; border-radius: 50%; background: #d92d20;
}
@media (max-width: 480px) {
  :host { --_x: var(--guichet-offset-x, 16px); --_y: var(--guichet-offset-y, 16px); }
  .launcher { width: 3.5em; padding: 0; justify-content: center; }
  .launcher span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
}
@media (prefers-reduced-motion: reduce) { .launcher { transition: none; } .launcher:hover { transform: none; } }
@media print { :host { display: none; } }
`);

export class GuichetChat extends HTMLElement {
  static observedAttributes = ['open', 'title', 'identity'];

  #root = this.attachShadow({ mode: 'open' });
  #launcher = launcher();
  /** @type {Promise<import('./chat.js').Chat> | null} */
  #chat = null;
  /** The customer's own gesture, as opposed to the page's `open`, is what lets the chat connect. */
  #asked = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#launcher);
    this.#launcher.addEventListener('click', () => this.#ask());
  }

  connectedCallback() {
    if (wasOpen()) this.open = true;
    else if (this.open) this.#show();
  }

  async disconnectedCallback() {
    const chat = this.#chat;
    this.#chat = null;
    (await chat)?.destroy();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (!this.isConnected) return;
    if (name === 'title') void this.#chat?.then((chat) => (chat.title = this.title));
    else if (name === 'identity') void this.#chat?.then((chat) => chat.identify(now ?? ''));
    else if ((before === null) !== (now === null)) void (now === null ? this.#hide() : this.#show());
  }

  get open() {
    return this.hasAttribute('open');
  }

  set open(open) {
    this.toggleAttribute('open', open);
  }

  get server() {
    return new URL(this.getAttribute('server') || import.meta.url, document.baseURI).origin;
  }

  /** @param {string} token */
  identify(token) {
    this.setAttribute('identity', token);
  }

  async forget() {
    this.removeAttribute('identity');
    this.#chat ??= this.#load();
    (await this.#chat).erase();
  }

  #ask() {
    this.#asked = true;
    this.open = true;
  }

  async #show() {
    const asked = this.#asked;
    this.#asked = false;
    try {
      this.#chat ??= this.#load();
      const chat = await this.#chat;
      if (!this.open || !this.isConnected) return;
      this.#launcher.hidden = true;
      this.#unread(false);
      chat.open(asked);
    } catch (error) {
      // Not fetched (offline): the launcher stays, the next click tries again.
      this.#chat = null;
      this.open = false;
      console.error(error);
    }
  }

  async #hide() {
    const chat = await this.#chat;
    if (!chat || this.open) return;
    chat.close();
    this.#launcher.hidden = false;
    this.#launcher.focus();
  }

  async #load() {
    const { Chat } = await import('./chat.js');
    const chat = new Chat({
      root: this.#root,
      server: this.server,
      onClose: () => (this.open = false),
      onUnread: () => this.#unread(true),
      onIdentityRefused: () => this.dispatchEvent(new CustomEvent('guichet-identity-refused', { cancelable: true })),
    });
    chat.title = this.title;
    chat.identify(this.getAttribute('identity') ?? '');
    return chat;
  }

  /** @param {boolean} on */
  #unread(on) {
    this.#launcher.classList.toggle('unread', on);
    this.#launcher.setAttribute('aria-label', `${LABEL} ${NAME}${on ? UNREAD : ''}`);
  }
}

function launcher() {
  const button = document.createElement('button');
  const label = document.createElement('span');
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', BUBBLE);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  label.textContent = LABEL;
  button.append(svg, label);
  button.className = 'launcher';
  button.lang = 'fr';
  button.type = 'button';
  button.title = '';
  button.dataset.testid = 'guichet-launcher';
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-label', `${LABEL} ${NAME}`);
  return button;
}

/** Whether the customer left the panel open on the page before. */
function wasOpen() {
  try {
    return localStorage.getItem('guichet:open') !== null;
  } catch {
    return false;
  }
}

if (!customElements.get('guichet-chat')) customElements.define('guichet-chat', GuichetChat);
