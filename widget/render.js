/** From the protocol's texts, cards and choices to DOM nodes. Content is only ever set as text. */

import { el, icon } from './dom.js';
import { texts } from './texts.fr.js';

/** @typedef {import('./protocol.js').Card} Card */
/** @typedef {import('./protocol.js').Message} Message */

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

/**
 * @param {string[]} lines of one paragraph
 * @returns {HTMLElement[]}
 */
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

/** @param {string} text read aloud, not shown */
export function hidden(text) {
  return el('span', { class: 'hidden' }, text);
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
    { type: 'button', class: 'more', 'aria-expanded': 'false', 'aria-controls': id },
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
