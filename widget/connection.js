/**
 * The conversation's socket: greets, resumes where it stopped, sends again what was not acknowledged,
 * and reports every event once.
 */

import { detach, keep, read, settle, unsent, write } from './store.js';
import { texts } from './texts.fr.js';

/** In milliseconds. */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;
/** Unanswered this long, the link is dead and the browser has not noticed. */
const SILENCE = 15_000;

/** Errors that the same frame would only meet again. */
const FINAL = new Set(['empty_message', 'message_too_long', 'unknown_choice', 'invalid_frame', 'unknown_attachment', 'too_many_attachments']);

export class Connection {
  #url;
  #listener;
  /** @type {WebSocket | null} */
  #socket = null;
  #started = false;
  #ready = false;
  #attempts = 0;
  #lastSeq = 0;
  /** @type {Set<number>} */
  #seen = new Set();
  /** @type {Set<string>} */
  #inFlight = new Set();
  /** @type {Set<string>} refused by the server: only the customer sends these again */
  #refused = new Set();
  /** Who is logged in, signed by the shop; empty when nobody is. */
  #identity = '';
  /** The server knows who is logged in: the token may expire now. */
  #identified = false;
  /** @type {Set<string>} said on this page, by the customer who is here now */
  #own = new Set();
  /** @type {number | undefined} */
  #retryTimer;
  /** @type {number | undefined} */
  #silenceTimer;
  #listeners = new AbortController();

  /**
   * @param {string} url of the socket
   * @param {ConnectionListener} listener
   */
  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
  }

  get started() {
    return this.#started;
  }

  /** Connects, and stays connected until `stop`. */
  start() {
    if (this.#started) return;
    this.#started = true;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    addEventListener('online', () => this.#hurry(), { signal });
    addEventListener('offline', () => this.#lost(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry(), { signal });
    this.#connect();
  }

  /** Until `start`, which begins from the first event. */
  stop() {
    this.#started = false;
    this.#listeners.abort();
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#forget();
  }

  /** Forgets what was shown and starts over, with the stored token or, without one, a new conversation. */
  restart() {
    this.stop();
    this.#attempts = 0;
    this.start();
  }

  /** @param {string} token of the logged-in customer, signed by the shop */
  identify(token) {
    if (token === this.#identity) return;
    this.#identity = token;
    this.#identified = false;
    if (token && this.#started) this.#connect();
  }

  /** @param {Unsent} item kept, and sent once no file of it is missing */
  send(item) {
    keep(item);
    this.#own.add(item.id);
    this.#refused.delete(item.id);
    if (this.#ready) this.#transmit(item);
  }

  #forget() {
    this.#lastSeq = 0;
    this.#seen.clear();
    this.#inFlight.clear();
    this.#refused.clear();
    this.#identified = false;
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    try {
      const socket = new WebSocket(this.#url);
      this.#socket = socket;
      socket.onopen = () => this.#hello();
      socket.onmessage = (event) => this.#receive(event.data);
      socket.onclose = () => this.#lost();
    } catch {
      this.#lost();
    }
  }

  #hello() {
    const identity = (!this.#identified && this.#identity) || null;
    this.#write({ type: 'hello', protocol: 1, token: read('token') || null, last_seq: this.#lastSeq, identity });
  }

  /** Lets go of the socket without waiting for the network to agree. */
  #drop() {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = undefined;
    this.#ready = false;
    this.#inFlight.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost() {
    this.#drop();
    if (!this.#started) return;
    this.#listener.onLink(false);
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts++);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
  }

  /** Tries now rather than at the end of the delay. */
  #hurry() {
    if (this.#socket) return;
    this.#attempts = 0;
    this.#connect();
  }

  /** @param {object} frame */
  #write(frame) {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {Unsent} item */
  #transmit(item) {
    if (item.missing?.length) return;
    if ('choice' in item) this.#write({ type: 'choice', id: item.id, choice: item.choice });
    else this.#write({ type: 'message', id: item.id, text: item.text, attachments: item.attachments?.map(({ id }) => id) });
    this.#inFlight.add(item.id);
    this.#silenceTimer ??= setTimeout(() => this.#lost(), SILENCE);
  }

  /** Any frame proves the link alive; unanswered messages keep it under watch. */
  #heard() {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = this.#inFlight.size ? setTimeout(() => this.#lost(), SILENCE) : undefined;
  }

  /** @param {unknown} data */
  #receive(data) {
    /** @type {Frame} */
    let frame;
    try {
      frame = JSON.parse(String(data));
    } catch {
      return;
    }
    if (this.#accept(frame)) this.#listener.onFrame(frame);
    this.#heard();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} whether the frame is news
   */
  #accept(frame) {
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        return true;
      case 'ack':
        this.#inFlight.delete(frame.id);
        settle(frame.id);
        return true;
      case 'message':
        if (frame.author === 'customer') {
          this.#inFlight.delete(frame.id);
          settle(frame.id);
        }
        return this.#isNew(frame.seq);
      case 'status':
        return this.#isNew(frame.seq);
      case 'error':
        return this.#failed(frame);
      default:
        return true;
    }
  }

  /** @param {Welcome} frame */
  #welcomed(frame) {
    this.#ready = true;
    this.#attempts = 0;
    this.#identified = frame.identified;
    if (frame.token) write('token', frame.token);
    this.#listener.onLink(true);
    for (const item of unsent()) {
      if (!this.#refused.has(item.id)) this.#transmit(item);
    }
  }

  /**
   * @param {number} seq
   * @returns {boolean} false when this event was already reported
   */
  #isNew(seq) {
    if (seq <= this.#lastSeq || this.#seen.has(seq)) return false;
    this.#seen.add(seq);
    // Resume from before the first hole, never from after it.
    while (this.#seen.delete(this.#lastSeq + 1)) this.#lastSeq += 1;
    return true;
  }

  /** @param {Failure} frame */
  #failed(frame) {
    if (frame.code === 'unknown_conversation') {
      this.#unknown();
      return false;
    }
    if (frame.code === 'other_customer') {
      // What the other customer left unsent on this device is not to be said in this one's name.
      for (const { id } of unsent()) if (!this.#own.has(id)) settle(id);
      this.#unknown();
      return false;
    }
    if (frame.code === 'invalid_identity') this.#identity = '';
    if (!frame.id) return true;
    this.#inFlight.delete(frame.id);
    if (FINAL.has(frame.code)) settle(frame.id);
    this.#refused.add(frame.id);
    return true;
  }

  /** The server waits for another `hello` on the same socket. */
  #unknown() {
    if (!read('token')) return this.#lost();
    write('token', '');
    detach();
    this.#forget();
    this.#listener.onForgotten();
    this.#hello();
  }
}

/** Where the guichet server is, and requests beside the socket: the conversation's token is their authorisation. */
export class Server {
  #origin;

  /** @param {string} origin */
  constructor(origin) {
    this.#origin = origin;
  }

  get socket() {
    return this.#origin.replace(/^http/, 'ws') + '/chat/socket';
  }

  get attachments() {
    return this.#origin + '/chat/attachments';
  }

  /** @returns {string} empty before the conversation has begun */
  get authorization() {
    const token = read('token');
    return token ? `Bearer ${token}` : '';
  }

  /** @param {string} id of an attachment */
  async content(id) {
    return (await this.#ask('/chat/attachments/' + id)).blob();
  }

  /** @param {string} email where the conversation so far is sent */
  async mail(email) {
    await this.#ask('/chat/transcript', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email }),
    });
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<Response>} a good one; what went wrong is thrown, in French
   */
  async #ask(path, init) {
    const response = await fetch(this.#origin + path, {
      ...init,
      headers: { ...init?.headers, Authorization: this.authorization },
    }).catch(() => null);
    if (response?.ok) return response;
    const problem = await response?.json().catch(() => null);
    throw new Error(problem?.detail || texts.unreachable);
  }
}
