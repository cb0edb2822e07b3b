/** What the customer said and the server has not acknowledged yet. Survives a reload; shared by the tabs of the shop. */

import { read, remove, write } from './store.js';

/** @typedef {import('./protocol.js').Unsent} Unsent */

/** @returns {Unsent[]} oldest first */
export function unsent() {
  try {
    const items = JSON.parse(read('outbox') ?? '[]');
    return Array.isArray(items) ? items.filter((item) => typeof item?.id === 'string') : [];
  } catch {
    return [];
  }
}

/** @param {Unsent[]} items */
function save(items) {
  if (items.length) write('outbox', JSON.stringify(items));
  else remove('outbox');
}

/** @param {Unsent} item */
export function keep(item) {
  save([...unsent().filter((other) => other.id !== item.id), item]);
}

/** @param {string} id */
export function settle(id) {
  const items = unsent();
  if (items.some((item) => item.id === id)) save(items.filter((item) => item.id !== id));
}

/**
 * A button belongs to its conversation: said in another one, its label is all that remains.
 *
 * @param {Unsent} item
 * @returns {import('./protocol.js').UnsentText}
 */
export function asText(item) {
  return { id: item.id, text: wording(item) };
}

/** Makes everything unsent sayable in a new conversation. */
export function detach() {
  save(unsent().map(asText));
}

/** @param {Unsent} item */
export function wording(item) {
  return 'choice' in item ? item.label : item.text;
}

/** @returns {string} a version 4 UUID, also where `crypto.randomUUID` is missing (pages without HTTPS) */
export function uuid() {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
