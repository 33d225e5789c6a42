import { MAX_SEED } from '../../sim/tasks/starts.ts';

/** Bounds on everything that comes from outside. */
export const LIMITS = {
  /** Largest socket message, bytes: a recording of the longest length fits, polled in base64 too. */
  messageBytes: 128 * 1024,
  /** Of a request without the bytes beside it: the largest one has a tenth of each. */
  request: { nodes: 1000, depth: 12, characters: 16_384 },
  /** Longest recording, control steps: two minutes at 20 Hz. */
  recordingSteps: 2400,
  /** Times that a person may take over within an episode. */
  interventions: 32,
  /** Connected pages. */
  connections: 64,
  /** What may be on its way to a connection unread before it is closed, bytes. */
  unreadBytes: 4 * 1024 * 1024,
  /** Largest answer to a request, characters: less than may be unread. */
  answer: 3 * 1024 * 1024,
  /**
   * Of what is sent of all there is, characters: the lists, one entry of them, and one text; and the
   * warnings of a run.
   */
  sent: {
    lists: {
      runs: 1024 * 1024,
      datasets: 256 * 1024,
      jobs: 256 * 1024,
      comparisons: 256 * 1024,
    },
    entry: 64 * 1024,
    text: 2000,
    warnings: 20,
  },
  /** Requests over HTTP and new connections a minute from one address; a page load takes about ten. */
  visitsPerMinute: 600,
  /** Wrong tokens a minute from one address. */
  guessesPerMinute: 60,
  /** TCP connections, in all and from one address that is no proxy: an open page has one to seven. */
  tcpConnections: 1024,
  tcpConnectionsEach: 256,
  /**
   * How long a connection may take to say what it asks, to send all of it, to stay without a request
   * and, during one, without a byte; and an upgraded one to say hello; ms.
   */
  connectionTimes: {
    headersMs: 10_000,
    requestMs: 30_000,
    idleMs: 5_000,
    silentMs: 60_000,
    helloMs: 10_000,
  },
  /** Pages with a live stage of their own; further ones are told to wait. */
  stages: 6,
  /** Policies that act on one stage. */
  lanes: 4,
  /** Of what servers tell one another: the last episode of a stage, and the longest name of a mode. */
  together: { episode: 1_000_000, modeName: 64 },
  /** Requests a connection may make at once, and those it regains a second. */
  requestBurst: 40,
  requestsPerSecond: 20,
  /**
   * Packets and bytes beyond which a connection is cut off, answers to what was sent aside: requests
   * that are told to wait, what is no request, and everything that would have to be parsed first.
   */
  packetBurst: 130,
  packetsPerSecond: 50,
  byteBurst: 512 * 1024,
  bytesPerSecond: 64 * 1024,
  /** Connections a minute that may be cut off so before their address gets no other. */
  floodsPerMinute: 10,
  /** Jobs of one kind that may wait. */
  queuedJobs: 8,
  /** Recordings that may be under way or wait. */
  queuedRecordings: 8,
  /** What the lesson, or those who look at demonstrations, ask to be read, under way or waiting. */
  queuedReadings: 8,
  /** Episodes of a dataset that are drawn at once, and frames of one that are sent. */
  drawnEpisodes: 1000,
  viewedFrames: 12_000,
  /** Duplicates, and outliers, that are named. */
  oddities: 200,
  /** Parts of the way from data to noise whose losses are told apart. */
  noiseBins: 40,
  /** Results of comparisons that are kept for pages that come later. */
  comparisons: 8,
  /** Damaged datasets and runs that are told of, and characters said of each. */
  damaged: 50,
  damagedMessage: 1000,
  /** Longest name of a run, characters. */
  runTitle: 80,
  /** Files sent at once, and taken in. */
  downloads: 4,
  uploads: 2,
  /** Of a dataset that is taken in: bytes, packed and unpacked, and files. */
  importBytes: 512 * 1024 ** 2,
  importEntries: 12_000,
  /** Largest file that is sent. */
  downloadBytes: 8 * 1024 ** 3,
  /** Rollouts of one comparison. */
  rollouts: 10_000,
  /** Differences in success that may count as none: a smaller one takes more rollouts than there may be. */
  within: { least: 0.001, most: 0.5 },
  /** Scripted demonstrations made at once. */
  episodes: 10_000,
  /** Largest seed. */
  seed: MAX_SEED,
  /** Largest number of the noise of one seed. */
  noise: 65_535,
  /** Longest instruction, characters: a recording, a task and the page hold it. */
  instruction: 200,
  /** Largest scale of classifier-free guidance. */
  guidance: 100,
  /** Corners of the region of an object's starts. */
  hullCorners: 256,
  /** Objects of a task. */
  objects: 8,
  /** Plans drawn in a fan. */
  fan: 32,
  /** Control steps that a plan may take on a stage. */
  delay: 128,
  /** Rows of a batch that a stage draws a plan in, of an evaluation whose rollouts it plays. */
  batch: 64,
  /**
   * Of what is asked about a moment: the last control step, points of noise and how far out they may
   * lie, network evaluations, how many of them are shown, and points of their paths.
   */
  inquiry: {
    step: 1_000_000,
    calls: 100,
    points: 64,
    coordinate: 8,
    stations: 51,
    pathPoints: 32,
  },
  /**
   * Of what is asked of painters: pictures drawn at once, network evaluations of each, stations of the
   * way that are shown, requests of one page, and of all, that may wait.
   */
  pictures: { drawn: 8, calls: 200, stations: 51, waitingEach: 8, waiting: 32 },
  /** Columns of where a plan looked: network evaluations beyond them share one with others. */
  attention: 32,
} as const;
