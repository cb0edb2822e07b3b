/** Types of the customer protocol, version 1 (see docs/protocol.md), known everywhere in the widget. Never fetched by a browser. */

/** Who is in charge of the conversation. */
type State = 'bot' | 'waiting' | 'human' | 'closed';
type Author = 'customer' | 'bot' | 'agent' | 'system';
type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';
type Choice = { id: string; label: string };

type Card = {
  kind: 'order' | 'parcel' | 'case' | 'return' | 'refund' | 'product' | 'schedule';
  title: string;
  badge: { label: string; tone: Tone } | null;
  rows: { label: string; value: string }[];
  items: string[];
  link: { label: string; href: string } | null;
  progress: { step: number; of: number; label: string } | null;
};

type Welcome = {
  type: 'welcome';
  conversation: string;
  token: string | null;
  state: State;
  seq: number;
  max_text: number;
  identified: boolean;
};

type Attachment = { id: string; name: string; media_type: string; size: number; width: number | null; height: number | null };

type Message = {
  type: 'message';
  seq: number;
  id: string;
  author: Author;
  at: string;
  text: string;
  more: string | null;
  choices: Choice[];
  cards: Card[];
  attachments?: Attachment[];
  degraded: boolean;
};

type Status = { type: 'status'; seq: number; at: string; state: State };
type Ack = { type: 'ack'; id: string; seq: number; at: string };
type Typing = { type: 'typing'; author: Author; on: boolean };
type Failure = { type: 'error'; code: string; detail: string; id?: string | null };
type Frame = Welcome | Message | Status | Ack | Typing | Failure;
