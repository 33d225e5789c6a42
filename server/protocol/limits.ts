/** Bounds on everything that comes from outside. */
export const LIMITS = {
  /** Largest socket message, bytes: a recording of the longest length fits. */
  messageBytes: 256 * 1024,
  /** Longest recording, control steps: two minutes at 20 Hz. */
  recordingSteps: 2400,
  /** Connected pages. */
  connections: 64,
  /** What may be on its way to a connection unread before it is closed, bytes. */
  unreadBytes: 4 * 1024 * 1024,
  /** Requests over HTTP and new connections a minute from one address; a page load takes about ten. */
  visitsPerMinute: 600,
  /** Pages with a live stage of their own; further ones are told to wait. */
  stages: 6,
  /** Requests a connection may make at once, and those it regains a second. */
  requestBurst: 40,
  requestsPerSecond: 20,
  /** Jobs of one kind that may wait. */
  queuedJobs: 8,
  /** Recordings that may be under way or wait. */
  queuedRecordings: 8,
  /** What the lesson asks of datasets and policies that may be under way or wait. */
  queuedReadings: 8,
  /** Parts of the way from data to noise whose losses are told apart. */
  noiseBins: 40,
  /** Results of comparisons that are kept for pages that come later. */
  comparisons: 8,
  /** Longest name of a run, characters. */
  runTitle: 80,
  /** Files sent at once. */
  downloads: 4,
  /** Largest file that is sent. */
  downloadBytes: 8 * 1024 ** 3,
  /** Rollouts of one comparison. */
  rollouts: 10_000,
  /** Scripted demonstrations made at once. */
  episodes: 10_000,
  /** Longest instruction, characters: a recording, a task and the page hold it. */
  instruction: 200,
  /** Largest scale of classifier-free guidance. */
  guidance: 100,
  /** Objects of a task. */
  objects: 8,
  /** Plans drawn in a fan. */
  fan: 32,
  /** Columns of where a plan looked: network evaluations beyond them share one with others. */
  attention: 32,
} as const;
