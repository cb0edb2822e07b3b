/** The list of messages: each event once, in the order of its `seq`, unacknowledged ones last. */

import { el, hidden, icon } from './dom.js';
import { wording } from './store.js';
import { body } from './render.js';
import { texts } from './texts.fr.js';

const TIME = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('fr-FR', { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_MS = 86_400_000;

export class Log {
  #root;
  #files;
  #listener;
  #list = el('div', { class: 'list' });
  #choices = el('div', { class: 'choices', role: 'group', 'aria-label': texts.choices, hidden: true });
  #typing = el('div', { class: 'typing', hidden: true });
  /** @type {WeakMap<Element, Choice[]>} */
  #offers = new WeakMap();
  /** @type {Element | null} the message whose choices are shown */
  #offering = null;

  /**
   * @param {HTMLElement} root
   * @param {import('./render.js').Files} files
   * @param {LogListener} listener
   */
  constructor(root, files, listener) {
    this.#root = root;
    this.#files = files;
    this.#listener = listener;
    root.append(this.#list, this.#choices, this.#typing);
  }

  clear() {
    this.#list.replaceChildren();
    this.typing('bot', false);
    this.#offer();
  }

  get empty() {
    return !this.#list.firstChild;
  }

  /** @param {boolean} on while a past conversation is being replayed, so that it is not read aloud line by line */
  busy(on) {
    this.#root.setAttribute('aria-busy', String(on));
  }

  /** @param {Message} message */
  put(message) {
    const known = this.#find(message.id);
    if (known) {
      this.#received(known, message.seq, message.at);
      return known;
    }
    const node = this.#message(message);
    if (message.choices.length) this.#offers.set(node, message.choices);
    this.#place(node);
    return node;
  }

  /** @param {Status} status */
  status({ seq, at, state }) {
    const node = el('p', { class: 'change', 'data-seq': seq, 'data-at': at }, texts.change[state]);
    this.#place(node);
    return node;
  }

  /**
   * Shows at once what the customer just said; shown again, it is back on its way.
   *
   * @param {Unsent} item
   * @param {Drawn[]} attachments
   */
  pending(item, attachments) {
    const at = new Date().toISOString();
    const node =
      this.#find(item.id) ??
      this.#message({ id: item.id, author: 'customer', at, text: wording(item), more: null, cards: [], attachments, degraded: false });
    node.dataset.delivery = 'sending';
    delete node.dataset.rank;
    node.querySelector('.failure')?.remove();
    part(node, '.delivery').textContent = texts.sending;
    this.#place(node);
    return node;
  }

  /** @param {string} id of a message that is given up, or drawn afresh */
  remove(id) {
    this.#find(id)?.remove();
    this.#group();
  }

  /** @param {Ack} ack */
  acknowledged({ id, seq, at }) {
    const node = this.#find(id);
    if (node) this.#received(node, seq, at);
  }

  /**
   * @param {string} id
   * @param {string} detail what went wrong, in French
   * @param {string} [remedy] label of the button
   * @returns {boolean} whether this log shows the message
   */
  failed(id, detail, remedy = texts.retry) {
    const node = this.#find(id);
    if (!node || node.dataset.seq) return false;
    const retry = el('button', { class: 'retry' }, remedy);
    retry.addEventListener('click', () => this.#listener.onRetry(id));
    node.dataset.delivery = 'failed';
    // What is said later goes below it.
    const last = Math.max(0, ...this.#events().map(rank).filter(Number.isFinite));
    if (last) node.dataset.rank = String(last + 0.5);
    part(node, '.delivery').textContent = '';
    node.querySelector('.failure')?.remove();
    node.append(el('div', { class: 'failure' }, icon('alert'), el('span', {}, detail || texts.failed), retry));
    return true;
  }

  /**
   * @param {Author} author
   * @param {boolean} on
   */
  typing(author, on) {
    this.#typing.hidden = !on;
    const label = texts.typing[author === 'agent' ? 'agent' : 'bot'];
    this.#typing.replaceChildren(...(on ? [el('i'), el('i'), el('i'), hidden(label)] : []));
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  #find(id) {
    return this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** @param {Omit<Message, 'type' | 'seq' | 'choices'> & {seq?: number}} message */
  #message(message) {
    const { id, seq, author, at, attachments = [] } = message;
    const mark = author === 'bot' ? icon('robot') : author === 'agent' ? icon('headset') : null;
    return el(
      'div',
      {
        class: 'message',
        'data-testid': 'guichet-message',
        'data-author': author,
        'data-id': id,
        'data-seq': seq ?? null,
        'data-at': at,
      },
      el('p', { class: 'who' }, mark, el('span', {}, texts.authors[author]), hidden('\u00a0:')),
      body(message),
      this.#files.draw(attachments),
      el(
        'p',
        { class: 'meta' },
        el('time', { datetime: at }, TIME.format(new Date(at))),
        el('span', { class: 'delivery' }),
      ),
    );
  }

  /**
   * @param {HTMLElement} node
   * @param {number} seq
   * @param {string} at
   */
  #received(node, seq, at) {
    node.dataset.seq = String(seq);
    node.dataset.at = at;
    node.dataset.delivery = 'received';
    node.querySelector('.failure')?.remove();
    part(node, '.delivery').textContent = texts.received;
    const time = part(node, 'time');
    time.setAttribute('datetime', at);
    time.textContent = TIME.format(new Date(at));
    this.#place(node);
  }

  /** @param {HTMLElement} node put, or moved only when needed, where its `seq` belongs */
  #place(node) {
    const after = this.#events().find((other) => other !== node && rank(other) > rank(node)) ?? null;
    const next = nextEvent(node);
    if (!node.parentNode || next !== after) this.#list.insertBefore(node, after);
    this.#group();
    this.#offer();
  }

  /** @returns {HTMLElement[]} */
  #events() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children].filter((node) => !node.matches('.day')));
  }

  #group() {
    let last = '';
    for (const node of this.#events()) {
      const day = new Date(node.dataset.at ?? '').toDateString();
      const before = node.previousElementSibling;
      const separator = before?.matches('.day') ? before : null;
      if (day === last) separator?.remove();
      else if (separator) separator.textContent = dayName(new Date(day));
      else node.before(el('p', { class: 'day' }, dayName(new Date(day))));
      last = day;
      const said = node.previousElementSibling?.getAttribute('data-author');
      node.classList.toggle('same', !!said && said === node.dataset.author);
    }
    if (this.#list.lastElementChild?.matches('.day')) this.#list.lastElementChild.remove();
  }

  /** Shows the latest choices, unless the customer has spoken since. */
  #offer() {
    const turn = this.#events().reverse();
    const node = turn.find((other) => other.dataset.author === 'customer' || this.#offers.has(other)) ?? null;
    if (node === this.#offering) return;
    this.#offering = node;
    const buttons = ((node && this.#offers.get(node)) ?? []).map((choice) => {
      const button = el('button', { 'data-testid': 'guichet-choice' }, choice.label);
      button.addEventListener('click', () => this.#listener.onChoice(choice));
      return button;
    });
    this.#choices.replaceChildren(...buttons);
    this.#choices.hidden = !buttons.length;
  }
}

/**
 * @param {HTMLElement} node
 * @returns {number} messages on their way come after everything else
 */
function rank(node) {
  return Number(node.dataset.seq ?? node.dataset.rank ?? Infinity);
}

/** @param {Element} node */
function nextEvent(node) {
  const next = node.nextElementSibling;
  return next?.matches('.day') ? next.nextElementSibling : next;
}

/**
 * @param {Element} node
 * @param {string} selector
 */
function part(node, selector) {
  return /** @type {Element} */ (node.querySelector(selector));
}

/** @param {Date} day */
function dayName(day) {
  const ago = Math.round((new Date(new Date().toDateString()).getTime() - day.getTime()) / DAY_MS);
  if (ago === 0) return texts.today;
  if (ago === 1) return texts.yesterday;
  return DAY.format(day);
}
