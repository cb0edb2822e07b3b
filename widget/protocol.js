/**
 * Types of the customer protocol, version 1 (see docs/protocol.md). Types only: browsers never fetch this file.
 *
 * @typedef {'bot' | 'waiting' | 'human' | 'closed'} State who is in charge of the conversation
 * @typedef {'customer' | 'bot' | 'agent' | 'system'} Author
 * @typedef {'neutral' | 'info' | 'success' | 'warning' | 'danger'} Tone
 *
 * @typedef {{id: string, label: string}} Choice
 *
 * @typedef {object} Card
 * @property {'order' | 'parcel' | 'case' | 'return' | 'refund'} kind
 * @property {string} title
 * @property {{label: string, tone: Tone} | null} badge
 * @property {{label: string, value: string}[]} rows
 * @property {string[]} items
 * @property {{label: string, href: string} | null} link
 * @property {{step: number, of: number, label: string} | null} progress
 *
 * @typedef {object} Welcome
 * @property {'welcome'} type
 * @property {string} conversation
 * @property {string | null} token
 * @property {State} state
 * @property {number} seq
 * @property {number} max_text
 *
 * @typedef {object} Message
 * @property {'message'} type
 * @property {number} seq
 * @property {string} id
 * @property {Author} author
 * @property {string} at
 * @property {string} text
 * @property {string | null} more
 * @property {Choice[]} choices
 * @property {Card[]} cards
 * @property {boolean} degraded
 *
 * @typedef {{type: 'status', seq: number, at: string, state: State}} Status
 * @typedef {{type: 'ack', id: string, seq: number, at: string}} Ack
 * @typedef {{type: 'typing', author: Author, on: boolean}} Typing
 * @typedef {{type: 'error', code: string, detail: string, id?: string | null}} Failure
 * @typedef {Welcome | Message | Status | Ack | Typing | Failure} Frame
 *
 * @typedef {{id: string, text: string}} UnsentText
 * @typedef {{id: string, choice: string, label: string}} UnsentChoice
 * @typedef {UnsentText | UnsentChoice} Unsent what the customer said and the server has not acknowledged
 */

export {};
