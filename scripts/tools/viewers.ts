/**
 * Many viewers of several servers, in a process of their own: what `measure-viewers` starts. Each is a
 * socket.io client as a page is, without the page: it reads, acknowledges and compares what it is shown.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { RequestEvents, ServerEvents, StageRequest } from '../../server/protocol/index.ts';

export interface ViewersInput {
  readonly urls: readonly string[];
  readonly viewers: number;
  readonly settings: StageRequest;
  /** Between two that come, ms. */
  readonly pauseMs: number;
}

/** What is asked of them: to begin, to forget what they have measured, and to tell it. */
export type ToViewers =
  | { readonly kind: 'open'; readonly input: ViewersInput }
  | { readonly kind: 'begin' }
  | { readonly kind: 'report' };

export interface ViewersReport {
  /** Of each viewer, since `begin`. */
  readonly frames: readonly number[];
  /** How many frames had which age when they arrived, ms; the last one is for all beyond. */
  readonly ages: readonly number[];
  /** Of control steps that viewers of several servers saw: how far apart the first of each saw it, ms. */
  readonly apart: readonly number[];
  /** Since they came: control steps that were shown, and on several servers. */
  readonly steps: number;
  readonly stepsOfSeveral: number;
  /** Frames that differ from what another viewer was shown of the same control step. */
  readonly differing: number;
  /** From a connection that was lost to the next frame, ms, since `begin`. */
  readonly away: readonly number[];
  readonly connected: number;
  /** What was refused or went wrong, in words. */
  readonly problems: readonly string[];
}

/** Longest age that is told from longer ones, ms. */
const LONGEST = 10_000;
/** Where a packed frame has its numbers, bytes: the episode's id, the step, the time; then what it shows. */
const AT = { episode: 4, step: 8, madeAt: 20, content: 24 };
const CLOCK = 2 ** 24;
/** Of one address, so that each stays below what the server allows one. */
const VIEWERS_OF_ADDRESS = 100;

interface Seen {
  readonly content: Buffer;
  /** When the first viewer of each server saw it, ms; 0: none has. */
  readonly at: number[];
}

let frames: number[] = [];
let ages = new Uint32Array(LONGEST + 1);
let away: number[] = [];
let differing = 0;
let begunAt = Date.now();
/** By episode and control step. */
const seen = new Map<string, Seen>();
const problems = new Set<string>();
let connected = 0;

process.on('message', (message: ToViewers) => {
  if (message.kind === 'open') {
    void openAll(message.input).then(() => process.send?.({ opened: true }));
  } else if (message.kind === 'begin') {
    frames = frames.map(() => 0);
    ages = new Uint32Array(LONGEST + 1);
    away = [];
    begunAt = Date.now();
  } else {
    process.send?.(report());
  }
});

async function openAll({ urls, viewers, settings, pauseMs }: ViewersInput): Promise<void> {
  for (let i = 0; i < viewers; i++) {
    frames.push(0);
    open(i, i % urls.length, urls, settings);
    await delay(pauseMs);
  }
  while (frames.some((count) => count === 0)) await delay(100);
}

/** Watches at one server, and at the next where that has gone: as behind a balancer. */
function open(viewer: number, at: number, urls: readonly string[], settings: StageRequest): void {
  const socket: Socket<ServerEvents, RequestEvents> = io(urls[at], {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { 'x-forwarded-for': addressOf(viewer) },
  });
  const lostAt = lost.get(viewer);
  // Its episodes by the ids that its stage gave them.
  const episodes = new Map<number, number>();
  let episode = settings.episode ?? 0;
  socket.on('connect', () => {
    connected++;
    socket.emit('stage:command', { kind: 'set', settings }, (answer) => {
      if (!answer.ok) problems.add(answer.error.message);
    });
  });
  const goOn = () => {
    if (!lost.has(viewer)) lost.set(viewer, Date.now());
    setTimeout(
      () => open(viewer, (at + 1) % urls.length, urls, { ...settings, episode }),
      1000 * Math.random(),
    );
  };
  socket.on('connect_error', (error) => {
    problems.add(error.message);
    goOn();
  });
  socket.on('disconnect', () => {
    connected--;
    goOn();
  });
  socket.on('stage:error', ({ message }) => problems.add(message));
  socket.on('stage:episode', (told) => {
    episode = told.episode;
    episodes.set(told.id, episode);
  });
  socket.on('stage:fan', (_, received) => received());
  socket.on('stage:frame', (packed, received) => {
    received();
    if (lostAt !== undefined && lost.delete(viewer)) away.push(Date.now() - lostAt);
    // In Node what arrives is a Buffer.
    const frame = Buffer.from(packed);
    const of = episodes.get(frame.readFloatLE(AT.episode));
    if (of !== undefined) take(viewer, at, of, frame, urls.length);
  });
}

const lost = new Map<number, number>();

function take(viewer: number, at: number, episode: number, frame: Buffer, servers: number): void {
  const now = Date.now();
  frames[viewer]++;
  const age = ((now % CLOCK) - frame.readFloatLE(AT.madeAt) + CLOCK) % CLOCK;
  ages[Math.min(age, LONGEST)]++;
  const key = `${episode}:${frame.readFloatLE(AT.step)}`;
  const content = frame.subarray(AT.content);
  const first = seen.get(key);
  if (!first) {
    const times = Array.from({ length: servers }, (_, i) => (i === at ? now : 0));
    seen.set(key, { content: Buffer.from(content), at: times });
    return;
  }
  if (first.at[at] === 0) first.at[at] = now;
  if (!first.content.equals(content)) differing++;
}

function report(): ViewersReport {
  const several = [...seen.values()]
    .map(({ at }) => at.filter((time) => time > 0))
    .filter(({ length }) => length > 1);
  return {
    frames,
    ages: [...ages],
    apart: several
      .filter((times) => Math.min(...times) >= begunAt)
      .map((times) => Math.max(...times) - Math.min(...times)),
    steps: seen.size,
    stepsOfSeveral: several.length,
    differing,
    away,
    connected,
    problems: [...problems],
  };
}

function addressOf(viewer: number): string {
  return `10.0.0.${1 + Math.floor(viewer / VIEWERS_OF_ADDRESS)}`;
}
