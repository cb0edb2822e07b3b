/** Small builders of DOM nodes: nothing here, nor anywhere in the widget, parses HTML. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null>} [attributes] false and null leave one out, true sets it empty
 * @param {...Child} children strings become text
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  // Only what says so submits.
  if (node instanceof HTMLButtonElement) node.type = 'button';
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** @param {string} text read aloud, not shown */
export function hidden(text) {
  return el('span', { class: 'hidden' }, text);
}

/**
 * @param {keyof typeof ICONS} symbol
 * @param {string} label
 * @param {string} id for tests
 * @param {Record<string, string>} [more]
 */
export function round(symbol, label, id, more) {
  return el('button', { class: 'round', 'aria-label': label, 'data-testid': 'guichet-' + id, ...more }, icon(symbol));
}

/** Outlines on a 24 × 24 grid. */
const ICONS = {
  robot: 'M4 9h16v10H4Z M12 9V5 M9 13v1.5 M15 13v1.5 M2 13v2 M22 13v2',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z M4.5 20.5a7.5 7.5 0 0 1 15 0',
  headset: 'M4 14v-2a8 8 0 0 1 16 0v2 M4 13.5h2.5v5H5a1 1 0 0 1-1-1Z M20 13.5h-2.5v5H19a1 1 0 0 0 1-1Z M19.5 18.5c0 1.7-2 2.5-5 2.5',
  menu: 'M12 6h.01 M12 12h.01 M12 18h.01',
  close: 'M6 6l12 12 M18 6L6 18',
  send: 'M12 19V5.5 M6 11l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  link: 'M9 6h9v9 M18 6L7 17',
  clip: 'M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.2-2.2L14 7.5',
  file: 'M14 3H6v18h12V7l-4-4Z M13.5 3.5V8H18 M9 12.5h6 M9 16.5h6',
  alert: 'M12 8v5 M12 16.5h.01 M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  order: 'M6 8h12l1 12H5L6 8Z M9 8V7a3 3 0 0 1 6 0v1',
  parcel: 'M4 8l8-4 8 4v8l-8 4-8-4V8Z M4 8l8 4 8-4 M12 12v8',
  case: 'M9 4h6v4H9Z M9 6H5v14h14V6h-4 M9 12.5h6 M9 16h4',
  return: 'M9 6L4.5 10.5 9 15 M5 10.5h9a5 5 0 0 1 0 10h-3',
  refund: 'M17.5 7a6.5 6.5 0 1 0 0 10 M4 10.5h9 M4 13.5h9',
  product: 'M4 12V5h7l9 9-7 7-9-9Z M8 9h.01',
  schedule: 'M5 6h14v14H5Z M5 10.5h14 M9 3.5v4 M15 3.5v4',
};

/**
 * @param {keyof typeof ICONS} name
 * @returns {SVGSVGElement} a decoration, hidden from assistive technology
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
