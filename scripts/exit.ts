/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** What was asked for was done, and failed. */
  failed: 1,
  /** What was asked for makes no sense: unknown names, impossible numbers. */
  usage: 2,
  /** Stopped by Ctrl-C, with what it had by then. */
  interrupted: 130,
} as const;
