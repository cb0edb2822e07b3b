/**
 * The few things kept in the browser, all under `guichet:`. When the browser refuses storage
 * (private mode, full quota, blocked cookies) they live in memory, for this page only.
 */

const PREFIX = 'guichet:';

/** @typedef {'token' | 'open' | 'outbox'} Key */

/** @type {Map<Key, string>} */
const memory = new Map();

/**
 * @param {Key} key
 * @returns {string | null}
 */
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
