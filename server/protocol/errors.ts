/** Every way a request can fail: one closed table, shared by sockets, HTTP and the command line. */
export const ERROR_CODES = [
  /** The request does not fit its schema. */
  'invalid-request',
  /** What was named does not exist. */
  'not-found',
  /** What was to be created exists already. */
  'exists',
  /** The request makes sense but does not fit the state of things. */
  'conflict',
  /** A file is damaged or of another version. */
  'damaged',
  /** Too many requests, or a queue is full. */
  'busy',
  /** No or the wrong token, Host or Origin. */
  'unauthorized',
  /** The work itself failed: its process ended, a disk was full, a recording was rejected. */
  'failed',
  /** Numbers grew out of all bounds, in a training or in physics: done again, they do so again. */
  'diverged',
  /** A fault of the program. */
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error on its way to a client. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** What was expected, what was got, and what to do about it. */
  readonly message: string;
}

/** An error that has a place in the table. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get report(): ErrorReport {
    return { code: this.code, message: this.message };
  }
}

/** Work that was asked to end, and had nothing to give by then. */
export class StoppedError extends ProtocolError {
  constructor() {
    super('conflict', 'stopped by request');
  }
}
