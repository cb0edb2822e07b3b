/** The widget's own types, known everywhere in it. Never fetched by a browser. */

/** What the chat needs from the element around it. */
type Host = {
  root: ShadowRoot;
  /** Origin of the guichet server. */
  server: string;
  /** The customer closed the panel. */
  onClose: () => void;
  /** A message arrived while the panel is closed. */
  onUnread: () => void;
  /** The shop's token is no longer good; false when the page takes care of it. */
  onIdentityRefused: () => boolean;
};

type ConnectionListener = {
  /** Every frame, events of a known `seq` left out. */
  onFrame: (frame: Frame) => void;
  /** The connection is there, or lost. */
  onLink: (online: boolean) => void;
  /** The server no longer knows the conversation; a new one begins. */
  onForgotten: () => void;
};

type LogListener = {
  onChoice: (choice: Choice) => void;
  onRetry: (id: string) => void;
};

type PanelListener = {
  /** The customer wants the panel closed. */
  onClose: () => void;
  /** The customer wants the conversation by e-mail; throws what is wrong, in French. */
  onMail: (email: string) => Promise<void>;
};

type UploadsListener = {
  /** The files of the message being written have changed. */
  onDraft: () => void;
  /** A file of this message leaves, has arrived or failed. */
  onMessage: (message: string) => void;
  onNotice: (text: string) => void;
};

/** What the browser keeps. */
type Key = 'token' | 'open' | 'outbox';

/** A file in the log; `blob` is its content, where this page has it. */
type Drawn = Attachment & { blob?: Blob };

/** What the customer said and the server has not acknowledged. */
type Unsent = UnsentText | UnsentChoice;
/** `missing`: names of files that have not arrived; until then the message waits. */
type UnsentText = { id: string; text: string; attachments?: Attachment[]; missing?: string[] };
type UnsentChoice = { id: string; choice: string; label: string; missing?: undefined };

/** A file on its way. */
type Upload = Drawn & {
  blob: Blob;
  /** The message that takes it along; empty while that is being written. */
  message: string;
  /** As the server has it. */
  stored: Attachment | null;
  /** What went wrong, in French. */
  error: string;
  /** The server would only say no again. */
  hopeless: boolean;
  request: XMLHttpRequest | null;
  chip: HTMLElement;
};
