/** Types of the customer protocol, version 1 (see docs/protocol.md). Never fetched by a browser. */

/** Who is in charge of the conversation. */
export type State = 'bot' | 'waiting' | 'human' | 'closed';
export type Author = 'customer' | 'bot' | 'agent' | 'system';
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';
export type Choice = { id: string; label: string };

export type Card = {
  kind: 'order' | 'parcel' | 'case' | 'return' | 'refund' | 'product' | 'schedule';
  title: string;
  badge: { label: string; tone: Tone } | null;
  rows: { label: string; value: string }[];
  items: string[];
  link: { label: string; href: string } | null;
  progress: { step: number; of: number; label: string } | null;
};

export type Welcome = {
  type: 'welcome';
  conversation: string;
  token: string | null;
  state: State;
  seq: number;
  max_text: number;
  identified: boolean;
};

export type Message = {
  type: 'message';
  seq: number;
  id: string;
  author: Author;
  at: string;
  text: string;
  more: string | null;
  choices: Choice[];
  cards: Card[];
  degraded: boolean;
};

export type Status = { type: 'status'; seq: number; at: string; state: State };
export type Ack = { type: 'ack'; id: string; seq: number; at: string };
export type Typing = { type: 'typing'; author: Author; on: boolean };
export type Failure = { type: 'error'; code: string; detail: string; id?: string | null };
export type Frame = Welcome | Message | Status | Ack | Typing | Failure;

/** What the customer said and the server has not acknowledged. */
export type Unsent = UnsentText | UnsentChoice;
export type UnsentText = { id: string; text: string };
export type UnsentChoice = { id: string; choice: string; label: string };
