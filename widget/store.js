/**
 * The few things kept in the browser, all under `guichet:`. When the browser refuses storage
 * (private mode, full quota, blocked cookies) they live in memory, for this page only.
 */

const PREFIX = 'guichet:';

/** @type {Map<Key, string>} */
const memory = new Map();

/** @param {Key} key */
export function read(key) {
  const kept = memory.get(key);
  if (kept !== undefined) return kept;
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/**
 * @param {Key} key
 * @param {string} value
 */
export function write(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
    memory.delete(key);
  } catch {
    memory.set(key, value);
  }
}

/** @param {Key} key */
export function remove(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing could have been stored either.
  }
}

/**
 * Calls back when another tab of the shop changes a key.
 *
 * @param {Key} key
 * @param {(value: string | null) => void} callback
 * @param {AbortSignal} signal
 */
export function watch(key, callback, signal) {
  addEventListener(
    'storage',
    (event) => {
      if (event.key === PREFIX + key) callback(event.newValue);
    },
    { signal },
  );
}

/** @returns {Unsent[]} what the server has not acknowledged, oldest first; shared by the tabs of the shop */
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
 * Buttons and files belong to their conversation: said in another one, the label is all that remains of a button, and files are missing.
 *
 * @param {Unsent} item
 */
export function asText(item) {
  const { attachments = [], missing = [] } = 'text' in item ? item : {};
  return { id: item.id, text: wording(item), missing: [...missing, ...attachments.map(({ name }) => name)] };
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
