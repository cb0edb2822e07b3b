/** From the protocol's texts, cards and files to DOM nodes. Content is only ever set as text. */

import { el, hidden, icon, round } from './dom.js';
import { texts } from './texts.fr.js';

const INLINE = /\*\*(.+?)\*\*|\[([^\]\n]+)\]\((https:\/\/[^\s)]+)\)|(https:\/\/[^\s<>"«»]+)/g;

let lastId = 0;

/**
 * @param {string} text in the protocol's markup
 * @returns {DocumentFragment} paragraphs and lists
 */
export function markup(text) {
  const fragment = document.createDocumentFragment();
  for (const block of text.trim().split(/\n\s*\n/)) fragment.append(...blocks(block.split('\n')));
  return fragment;
}

/** @param {string[]} lines of one paragraph */
function blocks(lines) {
  /** @type {HTMLElement[]} */
  const nodes = [];
  for (const line of lines) {
    const wanted = line.startsWith('- ') ? 'UL' : 'P';
    let node = nodes.at(-1);
    if (node?.tagName !== wanted) nodes.push((node = el(wanted === 'UL' ? 'ul' : 'p')));
    else if (wanted === 'P') node.append(el('br'));
    if (wanted === 'UL') node.append(el('li', {}, inline(line.slice(2))));
    else node.append(inline(line));
  }
  return nodes;
}

/** @param {string} text one line */
function inline(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, label, href, bare] = match;
    fragment.append(text.slice(end, match.index));
    end = match.index + whole.length;
    if (bold) fragment.append(el('strong', {}, inline(bold)));
    else if (bare) end -= appendBare(fragment, bare);
    else fragment.append(link(label ?? '', href ?? ''));
  }
  fragment.append(text.slice(end));
  return fragment;
}

/**
 * Punctuation that ends the sentence is not part of the address.
 *
 * @param {DocumentFragment} fragment
 * @param {string} address
 * @returns {number} characters left to the sentence
 */
function appendBare(fragment, address) {
  const href = address.replace(/[.,;:!?)\]*'’…]+$/, '');
  fragment.append(link(href.slice('https://'.length), href));
  return address.length - href.length;
}

/**
 * @param {string} label
 * @param {string} href
 * @returns {HTMLElement} a link, or plain words when the address is not one of the web
 */
function link(label, href) {
  if (!/^https?:\/\/./i.test(href)) return el('span', {}, label);
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, label, hidden(texts.newTab));
}

/** @param {Pick<Message, 'text' | 'more' | 'cards' | 'degraded'>} message */
export function body({ text, more, cards, degraded }) {
  const fragment = document.createDocumentFragment();
  if (text.trim() || more) {
    fragment.append(el('div', { class: 'bubble' }, markup(text), more ? folded(more) : null));
  }
  fragment.append(...cards.map(card));
  if (degraded) fragment.append(el('p', { class: 'degraded' }, icon('alert'), texts.degraded));
  return fragment;
}

/** @param {string} more the longer answer */
function folded(more) {
  const id = `more-${++lastId}`;
  const label = el('span', {}, texts.more);
  const button = el(
    'button',
    { class: 'more', 'aria-expanded': 'false', 'aria-controls': id },
    label,
    icon('down'),
  );
  const details = el('div', { id, class: 'details', hidden: true }, markup(more));
  button.addEventListener('click', () => {
    details.hidden = !details.hidden;
    button.setAttribute('aria-expanded', String(!details.hidden));
    label.textContent = details.hidden ? texts.more : texts.less;
  });
  const fragment = document.createDocumentFragment();
  fragment.append(button, details);
  return fragment;
}

/** @param {Card} data */
export function card({ kind, title, badge, rows, items, link: target, progress }) {
  return el(
    'section',
    { class: 'card', 'data-testid': 'guichet-card', 'data-kind': kind, 'aria-label': title },
    el(
      'header',
      {},
      el('span', { class: 'kind' }, icon(kindIcon(kind))),
      el('h3', {}, title),
      badge && el('span', { class: 'badge', 'data-tone': badge.tone }, badge.label),
    ),
    progress && steps(progress),
    rows.length > 0 &&
      el('dl', {}, ...rows.map(({ label, value }) => el('div', {}, el('dt', {}, label), el('dd', {}, value)))),
    items.length > 0 && el('ul', {}, ...items.map((item) => el('li', {}, item))),
    target && action(target),
  );
}

/** @param {Card['kind']} kind */
function kindIcon(kind) {
  return ['order', 'parcel', 'case', 'return', 'refund', 'product', 'schedule'].includes(kind) ? kind : 'order';
}

/** @param {NonNullable<Card['progress']>} progress */
function steps({ step, of, label }) {
  const bar = el('div', { class: 'bar' });
  for (let index = 1; index <= Math.min(of, 12); index += 1) {
    bar.append(el('i', { class: index < step ? 'done' : index === step ? 'done now' : '' }));
  }
  return el(
    'div',
    { class: 'steps', role: 'img', 'aria-label': texts.steps(step, of, label) },
    bar,
    el('p', {}, el('strong', {}, label), el('span', {}, `${step}/${of}`)),
  );
}

/** @param {NonNullable<Card['link']>} target */
function action({ label, href }) {
  const node = link(label, href);
  node.classList.add('action');
  node.append(icon('link'));
  return node;
}

/** Pictures and documents: fetched when they come into sight, enlarged, downloaded. */
export class Files {
  #root;
  #server;
  /** @type {WeakMap<Element, () => void>} */
  #waiting = new WeakMap();
  #sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.#sight.unobserve(target);
      this.#waiting.get(target)?.();
    }
  });

  /**
   * @param {ShadowRoot} root
   * @param {import('./connection.js').Server} server
   */
  constructor(root, server) {
    this.#root = root;
    this.#server = server;
  }

  /** @param {Drawn[]} files of one message */
  draw(files) {
    if (!files.length) return null;
    const draw = (/** @type {Drawn} */ file) => (file.media_type.startsWith('image/') ? this.#picture(file) : this.#document(file));
    return el('div', { class: 'files' }, ...files.map(draw));
  }

  /** @param {Drawn} file */
  #picture(file) {
    const image = el('img', { alt: file.name });
    const note = el('span');
    const button = el(
      'button',
      { class: 'picture', 'data-testid': 'guichet-picture' },
      image,
      hidden(texts.enlarge),
      note,
    );
    /** @type {Blob | undefined} */
    let blob;
    const load = async () => {
      note.textContent = '';
      try {
        blob = file.blob ?? (await this.#server.content(file.id));
        image.src = URL.createObjectURL(blob);
        await image.decode();
      } catch {
        blob = undefined;
        note.replaceChildren(icon('alert'), texts.noPicture, el('u', {}, texts.retry));
      }
      URL.revokeObjectURL(image.src);
    };
    button.onclick = () => (blob ? this.#enlarge(file.name, blob, button) : load());
    this.#waiting.set(button, load);
    this.#sight.observe(button);
    return button;
  }

  /** @param {Drawn} file */
  #document(file) {
    const note = el('small', { role: 'status' }, weight(file));
    const button = el('button', { class: 'more', 'aria-label': `${texts.download} ${file.name}` }, icon('down'), texts.download);
    button.onclick = async () => {
      try {
        save(file.blob ?? (await this.#server.content(file.id)), file.name);
        note.textContent = weight(file);
      } catch (error) {
        note.textContent = /** @type {Error} */ (error).message;
      }
    };
    return el(
      'div',
      { class: 'card', 'data-testid': 'guichet-document' },
      el('span', { class: 'kind' }, icon('file')),
      el('div', {}, el('strong', {}, file.name), note),
      button,
    );
  }

  /**
   * @param {string} name
   * @param {Blob} blob
   * @param {HTMLElement} opener gets the focus back
   */
  #enlarge(name, blob, opener) {
    const src = URL.createObjectURL(blob);
    const close = round('close', texts.closePicture, 'close-picture');
    const view = el(
      'dialog',
      { class: 'view', 'aria-label': name, lang: 'fr', title: '', 'data-testid': 'guichet-view' },
      el('img', { src, alt: name }),
      el('p', {}, el('span', {}, name), el('a', { href: src, download: name }, texts.download)),
      close,
    );
    view.onclick = ({ target }) => target instanceof HTMLAnchorElement || view.close();
    view.onclose = () => {
      view.remove();
      URL.revokeObjectURL(src);
      opener.focus();
    };
    this.#root.append(view);
    view.showModal();
    close.focus();
  }
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  el('a', { href, download: name }).click();
  // The download begins after this turn.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** @param {{size: number}} file */
export function weight({ size }) {
  const large = size >= 1e6;
  return new Intl.NumberFormat('fr-FR', {
    style: 'unit',
    unit: large ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: large ? 1 : 0,
  }).format(Math.max(size / (large ? 1e6 : 1e3), 1));
}
