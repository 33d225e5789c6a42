import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import {
  type Answer,
  type Percentiles,
  ProtocolError,
  type RequestEvents,
  type RequestInput,
  type RequestName,
  type Responses,
  type ServerEvents,
} from '../../server/protocol/index.ts';
import { mean, percentiles } from '../../server/statistics/index.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import { interruptible, unlessStopped } from '../interrupt.ts';

type Client = Socket<ServerEvents, RequestEvents>;

/** Longest wait for an answer, ms. */
const ANSWER_MS = 60_000;

/** What one page saw of a server. */
interface StreamSample {
  /** Within episodes. */
  readonly framesPerSecond: number;
  /** Between two frames as they arrive. */
  readonly frameIntervalMs: Percentiles;
  /** How late the server's event loop was. */
  readonly eventLoopLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface StreamReport {
  readonly machine: string;
  readonly seconds: number;
  readonly atRest: StreamSample;
  /** The same while a run trains beside it. */
  readonly training: StreamSample;
}

/** The page's three views. */
const LANES = ['l2', 'diffusion', 'flow'] as const;

/**
 * Starts a server of its own with an empty data directory, watches the stage as a page does, then
 * trains beside it.
 */
export async function benchStream(seconds: number): Promise<StreamReport> {
  const data = await mkdtemp(join(tmpdir(), 'forking-paths-bench-'));
  const server = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/bin/cli.js'), 'serve', '--port', '0', '--data', data],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    return await interruptible('stopping', (signal) =>
      unlessStopped(signal, watchServer(server.stdout, seconds)),
    );
  } finally {
    await ended(server);
    await rm(data, { recursive: true, force: true });
  }
}

async function ended(server: ChildProcess): Promise<void> {
  // A terminal's Ctrl-C reaches it as well.
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  await exit;
}

async function watchServer(output: NodeJS.ReadableStream, seconds: number): Promise<StreamReport> {
  const url = await firstUrl(output);
  const client: Client = io(url, { transports: ['websocket'] });
  const lanes = LANES.map((name) => ({ policy: { kind: 'shipped' as const, name } }));
  await ask(client, 'stage:command', { kind: 'set', settings: { lanes } });
  await nextFrame(client);
  const atRest = await watch(client, url, seconds);

  const generated = new Promise<void>((resolve, reject) => {
    client.on('job', ({ kind, status, error }) => {
      if (kind !== 'generate' || status === 'queued' || status === 'running') return;
      if (status === 'done') resolve();
      else reject(new ProtocolError('failed', error?.message ?? `generation ended ${status}`));
    });
  });
  await Promise.all([ask(client, 'demos:generate', { episodes: 20, out: 'bench' }), generated]);
  const trained = new Promise<void>((resolve) => client.on('metric', () => resolve()));
  const run = await ask(client, 'train:start', {
    policy: 'flow',
    dataset: 'bench',
    steps: 10_000,
  });
  await trained;
  const training = await watch(client, url, seconds);
  await ask(client, 'train:stop', { id: run.id });
  client.close();
  return { machine: `${cpus().length} × ${cpus()[0]?.model}`, seconds, atRest, training };
}

async function watch(client: Client, url: string, seconds: number): Promise<StreamSample> {
  const intervals: number[] = [];
  let previous: number | null = null;
  const onFrame = () => {
    const now = performance.now();
    if (previous !== null) intervals.push(now - previous);
    previous = now;
  };
  // Between two episodes the stage pauses on purpose.
  const onEpisode = () => {
    previous = null;
  };
  await eventLoopLag(url);
  client.on('stage:frame', onFrame);
  client.on('stage:episode', onEpisode);
  await delay(seconds * 1000);
  client.off('stage:frame', onFrame);
  client.off('stage:episode', onEpisode);
  const eventLoopLagMs = await eventLoopLag(url);
  return {
    framesPerSecond: 1000 / mean(intervals),
    frameIntervalMs: percentiles(intervals),
    eventLoopLagMs,
  };
}

/** Since it was asked last. */
async function eventLoopLag(url: string): Promise<StreamSample['eventLoopLagMs']> {
  const response = await fetch(new URL('event-loop-lag', url));
  return (await response.json()) as StreamSample['eventLoopLagMs'];
}

async function ask<N extends Exclude<RequestName, 'record:save'>>(
  client: Client,
  name: N,
  request: RequestInput<N>,
): Promise<Responses[N]> {
  // The types of an event's arguments are a union here; the table of requests is what ties them.
  const patient = client.timeout(ANSWER_MS);
  const emit = patient.emitWithAck.bind(patient) as (
    name: RequestName,
    request: unknown,
  ) => Promise<Answer<N>>;
  const answer = await emit(name, request);
  if (answer.ok) return answer.data;
  throw new ProtocolError(answer.error.code, answer.error.message);
}

function nextFrame(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    // Every frame is acknowledged for as long as the page is open, watched or not.
    client.on('stage:frame', (_, received) => {
      received();
      resolve();
    });
    client.on('stage:fan', (_, received) => received());
    client.once('stage:error', ({ code, message }) => reject(new ProtocolError(code, message)));
  });
}

/** The address a starting server prints. */
async function firstUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const chunk of output) {
    const url = /https?:\/\/\S+/.exec(String(chunk))?.[0];
    if (url) return url;
  }
  throw new ProtocolError('failed', 'the server ended before it listened');
}
