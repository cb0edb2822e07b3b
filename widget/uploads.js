/** Files of the customer: chosen, shrunk, sent at once, shown above the input until a message takes them along. */

import { el, icon, round } from './dom.js';
import { weight } from './render.js';
import { uuid } from './store.js';
import { texts } from './texts.fr.js';

/** Files a message takes. */
const MOST = 5;
/** In bytes. */
const LARGEST = 10 * 1024 ** 2;
/** Longest side of a picture, in pixels. */
const SIDE = 2048;
/** In milliseconds. */
const PATIENCE = 300_000;

export class Uploads {
  button = round('clip', texts.attach, 'attach');
  #input = el('input', {
    type: 'file',
    accept: 'image/jpeg,image/png,image/webp,application/pdf',
    multiple: true,
    hidden: true,
    'data-testid': 'guichet-file',
  });
  #list = el('ul', { class: 'chips', 'aria-label': texts.attached });
  #status = el('p', { class: 'hidden', role: 'status' });
  #server;
  #listener;
  /** @type {Set<Upload>} */
  #all = new Set();

  /**
   * @param {import('./connection.js').Server} server
   * @param {UploadsListener} listener
   */
  constructor(server, listener) {
    this.#server = server;
    this.#listener = listener;
    this.parts = [this.#list, this.#status, this.#input];
    this.button.onclick = () => this.#input.click();
    this.#input.onchange = () => {
      this.#add(this.#input.files);
      this.#input.value = '';
    };
  }

  /** @param {HTMLElement} panel where files may be dropped and pasted */
  listen(panel) {
    const zone = el('div', { class: 'drop', hidden: true, 'data-testid': 'guichet-drop' }, icon('clip'), texts.drop);
    panel.append(zone);
    panel.addEventListener('dragenter', ({ dataTransfer }) => {
      if (dataTransfer?.types.includes('Files') && this.button.offsetParent) zone.hidden = false;
    });
    zone.ondragleave = () => (zone.hidden = true);
    zone.ondragover = (event) => event.preventDefault();
    zone.ondrop = (event) => {
      event.preventDefault();
      zone.hidden = true;
      this.#add(event.dataTransfer?.files);
    };
    panel.addEventListener('paste', (event) => {
      const data = event.clipboardData;
      // Spreadsheets and word processors put a picture of the text beside it.
      if (!data?.files.length || data.types.includes('text/plain') || !this.button.offsetParent) return;
      event.preventDefault();
      this.#add(data.files);
    });
  }

  /** @param {string} [message] by default the one being written */
  of(message = '') {
    return [...this.#all].filter((upload) => upload.message === message);
  }

  /** @param {string} message takes along what has arrived, is on its way or may be tried again */
  take(message) {
    for (const upload of this.of()) {
      if (upload.hopeless) continue;
      upload.message = message;
      upload.chip.remove();
    }
    this.retry(message);
    this.#listener.onDraft();
  }

  /** @param {string} message whose failed files are tried again, or left out for good */
  retry(message) {
    for (const upload of this.of(message)) {
      if (upload.hopeless) this.#all.delete(upload);
      else if (upload.error) this.#send(upload);
    }
  }

  /** The connection is back. */
  resume() {
    for (const upload of this.#all) if (upload.error && !upload.hopeless) this.#send(upload);
  }

  /** @param {string} [message] whose files the server does not know; by default all, in another conversation */
  renew(message) {
    for (const upload of message ? this.of(message) : this.#all) {
      abort(upload);
      Object.assign(upload, { id: uuid(), stored: null, hopeless: false });
      this.#fail(upload, texts.unreachable);
    }
  }

  /** @param {string} message that has arrived with its files */
  drop(message) {
    for (const upload of this.of(message)) this.#all.delete(upload);
  }

  clear() {
    for (const upload of this.#all) this.#remove(upload);
  }

  /** @param {FileList | undefined | null} files */
  #add(files) {
    const problems = new Set();
    for (const file of files ?? []) {
      if (!/^image\/|\/pdf$/.test(file.type)) problems.add(texts.notAccepted(file.name));
      else if (file.size > LARGEST) problems.add(texts.tooLarge(file.name));
      else if (this.of().length >= MOST) problems.add(texts.tooMany);
      else this.#begin(file);
    }
    this.#listener.onNotice([...problems].join(' '));
  }

  /** @param {File} file */
  async #begin(file) {
    const { name, type, size } = file;
    const picture = el('span', { class: 'kind' }, icon('file'));
    const retry = el('button', { class: 'retry' }, texts.retry);
    const remove = round('close', texts.remove(name), 'remove');
    const bar = el('progress', { max: 1, 'aria-label': texts.sending });
    const facts = el('div', {}, el('strong', {}, name), el('small'), bar, retry);
    const chip = el('li', { 'data-testid': 'guichet-chip' }, picture, facts, remove);
    /** @type {Upload} */
    const upload = {
      ...{ id: uuid(), message: '', name, media_type: type, size, width: null, height: null, blob: file },
      ...{ stored: null, error: '', hopeless: false, request: null, chip },
    };
    retry.onclick = () => this.#send(upload);
    remove.onclick = () => {
      this.#remove(upload);
      this.button.focus();
    };
    this.#all.add(upload);
    this.#list.append(chip);
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#show(upload);
    upload.blob = await shrunk(file);
    if (type.startsWith('image/')) picture.append(preview(upload.blob));
    if (this.#all.has(upload)) this.#send(upload);
  }

  /** @param {Upload} upload */
  #remove(upload) {
    abort(upload);
    upload.chip.remove();
    this.#all.delete(upload);
    this.#listener.onDraft();
  }

  /** @param {Upload} upload */
  #send(upload) {
    const { authorization, attachments } = this.#server;
    if (!authorization) return this.#fail(upload, texts.unreachable);
    const body = new FormData();
    body.append('id', upload.id);
    body.append('file', upload.blob, upload.name);
    const request = (upload.request = new XMLHttpRequest());
    request.open('POST', attachments);
    request.setRequestHeader('Authorization', authorization);
    request.responseType = 'json';
    request.timeout = PATIENCE;
    request.upload.onprogress = ({ loaded, total }) => {
      const bar = upload.chip.querySelector('progress');
      if (bar) bar.value = loaded / total;
    };
    request.onloadend = () => {
      if (request === upload.request) this.#ended(upload, request);
    };
    request.send(body);
    upload.error = '';
    this.#show(upload);
  }

  /**
   * @param {Upload} upload
   * @param {XMLHttpRequest} request
   */
  #ended(upload, { status, response }) {
    upload.request = null;
    if (status !== 200 && status !== 201) {
      upload.hopeless = status >= 400 && status < 500 && status !== 429;
      return this.#fail(upload, response?.detail || texts.unreachable);
    }
    upload.stored = response;
    this.#status.textContent = texts.attachedNow(upload.name);
    this.#show(upload);
  }

  /**
   * @param {Upload} upload
   * @param {string} error
   */
  #fail(upload, error) {
    upload.error = error;
    this.#status.textContent = `${upload.name}\u00a0: ${error}`;
    this.#show(upload);
  }

  /** @param {Upload} upload */
  #show(upload) {
    const { chip, error, stored, hopeless, message } = upload;
    chip.dataset.state = error ? (hopeless ? 'refused' : 'failed') : stored ? 'done' : 'sending';
    const note = chip.querySelector('small');
    if (note) note.textContent = error || weight(stored ?? upload);
    if (message) this.#listener.onMessage(message);
    else this.#listener.onDraft();
  }
}

/** @param {Upload} upload */
function abort(upload) {
  const { request } = upload;
  upload.request = null;
  request?.abort();
}

/**
 * @param {Blob} blob
 * @returns {HTMLImageElement} removed when the browser cannot show it
 */
function preview(blob) {
  const image = el('img', { src: URL.createObjectURL(blob), alt: '' });
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => image.remove();
  return image;
}

/** One at a time: a phone has not the memory for five large pictures. */
let queue = Promise.resolve();

/**
 * @param {File} file
 * @returns {Promise<Blob>} the picture as a JPEG fit for the screen, or the file itself where that fails or gains nothing
 */
function shrunk(file) {
  const result = queue.then(() => jpeg(file)).catch(() => file);
  queue = result.then(() => {});
  return result;
}

/** @param {File} file */
async function jpeg(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = el('canvas', { width: Math.round(bitmap.width * scale) || 1, height: Math.round(bitmap.height * scale) || 1 });
  const { width, height } = canvas;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  // JPEG knows no transparency: it would be black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  return blob && (scale < 1 || blob.size < file.size) ? blob : file;
}
