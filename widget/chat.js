/** The chat: what the customer does in the panel, what the server says, and the one conversation between the two. */

import { Composer } from './composer.js';
import { Connection, Server } from './connection.js';
import { Log } from './log.js';
import { Panel, Scroll } from './panel.js';
import { Files } from './render.js';
import { asText, detach, read, remove, settle, unsent, uuid, watch, write } from './store.js';
import { sheet } from './styles.js';
import { texts } from './texts.fr.js';
import { Uploads } from './uploads.js';

export class Chat {
  #host;
  #uploads;
  #composer;
  #panel;
  #log;
  #scroll;
  #connection;
  #life = new AbortController();
  /** @type {Map<string, Unsent>} what this page said and may have to say again */
  #said = new Map();
  /** @type {Set<string>} */
  #hopeless = new Set();
  /** Events up to this `seq` are a replay. */
  #replayUntil = 0;
  /** @type {State} the state that the log last told */
  #told = 'bot';

  /** @param {Host} host */
  constructor(host) {
    const server = new Server(host.server);
    this.#host = host;
    this.#uploads = new Uploads(server, {
      onDraft: () => this.#composer.refresh(),
      onMessage: (id) => this.#gather(id),
      onNotice: (text) => this.#panel.notice(text),
    });
    this.#composer = new Composer(this.#uploads, (text) => this.#send(text));
    this.#panel = new Panel(this.#composer.form, {
      onClose: () => this.#host.onClose(),
      onMail: (email) => server.mail(email),
    });
    this.#uploads.listen(this.#panel.root);
    this.#log = new Log(this.#panel.parts.log, new Files(host.root, server), {
      onChoice: ({ id, label }) => this.#choose(id, label),
      onRetry: (id) => this.#retry(id),
    });
    this.#scroll = new Scroll(this.#panel.root, this.#panel.parts.log, this.#panel.parts.jump);
    if (!host.root.adoptedStyleSheets.includes(sheet)) host.root.adoptedStyleSheets.push(sheet);
    host.root.append(this.#panel.root);
    this.#connection = new Connection(server.socket, {
      onFrame: (frame) => this.#on(frame),
      onLink: (online) => this.#linked(online),
      onForgotten: () => this.#forgotten(),
    });
    this.#state('bot');
    this.#listen();
  }

  /** @param {string} title */
  set title(title) {
    this.#panel.parts.title.textContent = title || texts.title;
  }

  /** @param {boolean} asked by the customer; otherwise nothing is stored nor connected before the first gesture in the panel */
  open(asked) {
    const known = read('open') !== null || read('token') !== null;
    this.#panel.open();
    if (asked || known) this.#begin();
    else this.#waitForGesture();
    if (asked) this.#composer.input.focus();
    this.#scroll.end();
  }

  close() {
    this.#panel.close();
    remove('open');
  }

  /** @param {string} token of the logged-in customer, signed by the shop */
  identify(token) {
    this.#connection.identify(token);
  }

  destroy() {
    this.#life.abort();
    this.#connection.stop();
    this.#uploads.clear();
    this.#panel.root.remove();
  }

  #begin() {
    write('open', '1');
    if (this.#connection.started) return;
    this.#restore();
    if (this.#log.empty) this.#log.typing('bot', true);
    this.#connection.start();
  }

  #waitForGesture() {
    const gesture = new AbortController();
    const begin = () => {
      gesture.abort();
      this.#begin();
    };
    this.#panel.notice(texts.welcome);
    for (const name of ['pointerdown', 'keydown', 'drop']) {
      this.#panel.root.addEventListener(name, begin, { signal: gesture.signal });
    }
  }

  #listen() {
    const { restart, erase, again, person } = this.#panel.parts;
    const { signal } = this.#life;
    person.addEventListener('click', () => this.#say({ id: uuid(), text: texts.personMessage }));
    restart.addEventListener('click', () => this.#restart());
    again.addEventListener('click', () => this.#restart());
    erase.addEventListener('click', () => this.erase());
    this.#panel.watchScreen(signal);
    watch('token', (token) => this.#elsewhere(token), signal);
  }

  /** @param {Unsent} item */
  #display(item) {
    this.#said.set(item.id, item);
    const files = 'text' in item ? item.attachments : [];
    const uploads = this.#uploads.of(item.id);
    this.#scroll.follow(this.#log.pending(item, uploads.length ? uploads : (files ?? [])), true);
  }

  /** Shows what is unsent. Files that were on their way when the page was left are lost. */
  #restore() {
    for (const item of unsent()) {
      this.#display(item);
      if (!item.missing?.length) continue;
      if (this.#uploads.of(item.id).length) this.#gather(item.id);
      else this.#failed(item.id, texts.lost(item.missing));
    }
  }

  /** @param {string} text said together with the files above the input */
  #send(text) {
    const id = uuid();
    this.#said.set(id, { id, text });
    this.#uploads.take(id);
    if (this.#uploads.of(id).length) this.#gather(id);
    else this.#say({ id, text });
  }

  /** @param {string} id of a message that goes when all its files have arrived */
  #gather(id) {
    const item = this.#said.get(id);
    if (!item || !('text' in item)) return;
    const uploads = this.#uploads.of(id);
    const attachments = uploads.flatMap(({ stored }) => stored ?? []);
    const missing = uploads.flatMap(({ stored, name }) => (stored ? [] : name));
    this.#say({ id, text: item.text, attachments, missing });
    const failed = uploads.find(({ error }) => error);
    if (failed) this.#failed(id, `${failed.name}\u00a0: ${failed.error}`);
  }

  /**
   * @param {string} id
   * @param {string} detail
   * @returns {boolean} whether the log shows the message
   */
  #failed(id, detail) {
    const item = this.#said.get(id);
    const lost = item?.missing?.length && this.#uploads.of(id).every(({ stored, hopeless }) => stored || hopeless);
    return this.#log.failed(id, detail, !lost ? texts.retry : has(item) ? texts.rest : texts.discard);
  }

  /** @param {Unsent} item */
  #say(item) {
    this.#display(item);
    this.#connection.send(item);
  }

  /**
   * @param {string} choice
   * @param {string} label
   */
  #choose(choice, label) {
    this.#say({ id: uuid(), choice, label });
    // The buttons are gone. A keyboard on the screen would hide the answer, so only a real one gets the input.
    const target = matchMedia('(pointer: fine)').matches ? this.#composer.input : this.#panel.parts.log;
    target.focus({ preventScroll: true });
  }

  /** @param {string} id */
  #retry(id) {
    const item = this.#said.get(id);
    if (!item) return;
    if ('text' in item && item.missing?.length) this.#complete(item);
    else this.#say(this.#hopeless.delete(id) ? asText(item) : item);
    this.#composer.input.focus({ preventScroll: true });
  }

  /** @param {UnsentText} item whose missing files are sent again; those that cannot be are left out */
  #complete({ id, text, attachments = [] }) {
    this.#uploads.retry(id);
    this.#log.remove(id);
    if (this.#uploads.of(id).length) this.#gather(id);
    else if (text || attachments.length) this.#say({ id, text, attachments });
    else settle(id);
  }

  /** Begins another conversation; what was not sent yet is said there. */
  #restart() {
    // Empty rather than absent: absent tells the other tabs that everything was erased.
    write('token', '');
    detach();
    this.#reset();
    this.#connection.restart();
    this.#composer.input.focus();
  }

  /** The conversation leaves this device. */
  erase() {
    this.#connection.stop();
    remove('token');
    remove('outbox');
    this.#uploads.clear();
    this.#reset();
    this.#log.clear();
    this.#host.onClose();
  }

  /** @param {string | null} token null now that another tab of the shop erased the conversation, else its new one */
  #elsewhere(token) {
    if (!this.#connection.started || token === '') return;
    this.#reset();
    if (token) return this.#connection.restart();
    this.#connection.stop();
    if (this.#panel.isOpen) this.#host.onClose();
  }

  #reset() {
    this.#panel.menu(false);
    this.#panel.notice('');
    this.#log.clear();
    this.#told = 'bot';
    this.#replayUntil = 0;
    this.#state('bot');
    this.#uploads.renew();
    this.#restore();
    this.#log.typing('bot', this.#log.empty);
  }

  #forgotten() {
    this.#reset();
    this.#panel.notice(texts.forgotten);
  }

  /** @param {boolean} online */
  #linked(online) {
    this.#panel.offline(!online);
    this.#log.typing('bot', false);
    if (online) this.#uploads.resume();
  }

  /** @param {Frame} frame */
  #on(frame) {
    switch (frame.type) {
      case 'welcome':
        this.#composer.limit = frame.max_text;
        this.#replayUntil = frame.seq;
        this.#log.busy(frame.seq > 1);
        this.#state(frame.state);
        break;
      case 'ack':
        this.#log.acknowledged(frame);
        this.#uploads.drop(frame.id);
        break;
      case 'message':
        this.#arrived(this.#log.put(frame), frame.seq, frame.author !== 'customer');
        break;
      case 'status':
        this.#changed(frame);
        break;
      case 'typing':
        if (frame.author !== 'customer') this.#typing(frame);
        break;
      case 'error':
        this.#error(frame);
    }
    if (frame.type !== 'welcome' && 'seq' in frame && frame.seq >= this.#replayUntil) this.#log.busy(false);
  }

  /**
   * @param {HTMLElement} node
   * @param {number} seq
   * @param {boolean} others
   */
  #arrived(node, seq, others) {
    if (seq <= this.#replayUntil) return this.#scroll.end();
    this.#scroll.follow(node, false);
    if (others && !this.#panel.isOpen) this.#host.onUnread();
  }

  /** @param {Status} status */
  #changed(status) {
    if (status.state !== this.#told) this.#arrived(this.#log.status(status), status.seq, false);
    this.#told = status.state;
    if (status.seq >= this.#replayUntil) this.#state(status.state);
  }

  /** @param {Typing} frame */
  #typing({ author, on }) {
    this.#log.typing(author, on);
    if (on) this.#scroll.stay();
  }

  /** @param {Failure} frame */
  #error({ code, detail, id }) {
    if (code === 'invalid_identity' && !this.#host.onIdentityRefused()) return;
    if (code === 'conversation_closed') {
      this.#state('closed');
      this.#composer.form.hidden = true;
    }
    if (code === 'unknown_choice' && id) this.#hopeless.add(id);
    const item = id && this.#said.get(id);
    if (code === 'unknown_attachment' && item) {
      this.#said.set(id, asText(item));
      this.#uploads.renew(id);
    }
    if (!id || !this.#failed(id, detail)) this.#panel.notice(detail || texts.refused);
    this.#scroll.stay();
  }

  /** @param {State} state */
  #state(state) {
    this.#panel.state(state);
    // Also when closed: writing takes the conversation up again, for a while.
    this.#composer.form.hidden = false;
  }
}

/** @param {Unsent | undefined} item whether something of it can be sent without its missing files */
function has(item) {
  return item && 'text' in item && (item.text || item.attachments?.length);
}
