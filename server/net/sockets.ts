import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { type JobBoard, reportError, type StageService } from '../jobs/index.ts';
import {
  type Answer,
  LIMITS,
  ProtocolError,
  REQUESTS,
  type RequestData,
  type RequestEvents,
  type RequestName,
  type Responses,
  type ServerEvents,
  toFloats,
} from '../protocol/index.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { NewestFirst } from './newest-first.ts';
import { TokenBucket } from './token-bucket.ts';
import { closeWhenUnread } from './unread.ts';
import type { VisitLimit } from './visit-limit.ts';

type Client = Socket<RequestEvents, ServerEvents>;
export type Sockets = Server<RequestEvents, ServerEvents>;

/** What answers one request; `binary` is the bytes that came beside it, if any. */
type Handler<N extends RequestName> = (
  request: RequestData<N>,
  binary: Float32Array | null,
) => Responses[N] | Promise<Responses[N]>;

type Handlers = { readonly [N in RequestName]: Handler<N> };

export interface SocketServices {
  readonly gatekeeper: Gatekeeper;
  readonly visits: VisitLimit;
  readonly board: JobBoard;
  readonly stages: StageService;
  hello(): Promise<Responses['hello']>;
  metrics(run: string): Promise<Responses['run:metrics']>;
}

/** The socket side: requests with an answer each, streams of frames, and news for everybody. */
export function createSockets(server: HttpServer, services: SocketServices): Sockets {
  const { gatekeeper, visits, stages } = services;
  const io: Sockets = new Server(server, {
    maxHttpBufferSize: LIMITS.messageBytes,
    serveClient: false,
    perMessageDeflate: false,
    allowRequest: (request, decide) => {
      const refuse = (why: string) => decide(why, false);
      visits.admits(request).then(
        (admitted) => {
          if (!admitted) return refuse('expected fewer visits; wait a moment');
          const refusal = gatekeeper.check(request);
          if (refusal) return refuse(refusal.message);
          if (io.engine.clientsCount < LIMITS.connections) return decide(null, true);
          return refuse(`expected at most ${LIMITS.connections} connections; close a page`);
        },
        () => refuse('the server failed to count this visit'),
      );
    },
  });
  io.on('connection', (socket) => {
    closeWhenUnread(socket, LIMITS.unreadBytes);
    answerRequests(socket, handlersFor(socket, services));
    socket.on('disconnect', () => stages.leave(socket.id));
  });
  return io;
}

function handlersFor(socket: Client, { board, stages, hello, metrics }: SocketServices): Handlers {
  // A page that has stopped reading must not make the server grow.
  const frames = new NewestFirst<Float32Array>((packed, received) =>
    socket.timeout(ACKNOWLEDGE_WITHIN).emit('stage:frame', bytesOf(packed), () => received()),
  );
  const fans = [0, 1, 2, 3].map(
    () =>
      new NewestFirst<Float32Array>((packed, received) =>
        socket.timeout(ACKNOWLEDGE_WITHIN).emit('stage:fan', bytesOf(packed), () => received()),
      ),
  );
  return {
    hello,
    'stage:set': (settings) => {
      stages.set(socket.id, settings, (message) => {
        if (message.kind === 'episode') socket.emit('stage:episode', message.episode);
        else if (message.kind === 'error') socket.emit('stage:error', message.error);
        else if (message.kind === 'frame') frames.offer(message.packed);
        else fans[message.packed[0]]?.offer(message.packed);
      });
      return {};
    },
    'stage:play': ({ playing }) => {
      stages.play(socket.id, playing);
      return {};
    },
    'stage:speed': ({ speed }) => {
      stages.speed(socket.id, speed);
      return {};
    },
    'stage:attention': ({ attention }) => {
      stages.attention(socket.id, attention);
      return {};
    },
    'stage:next': () => {
      stages.next(socket.id);
      return {};
    },
    'train:start': (request) => board.train(request),
    'train:stop': ({ id }) => stopJob(board, id),
    'train:resume': ({ id }) => board.resume(id),
    'run:metrics': ({ id }) => metrics(id),
    'run:rename': ({ id, title }) => board.runs.rename(id, title),
    'run:trash': async ({ id }) => ({ id: await board.runs.trash(id) }),
    'run:restore': ({ id }) => board.runs.restore(id),
    'demos:generate': (request) => board.generate(request),
    'demos:episodes': ({ name }) => board.datasets.episodes(name),
    'demos:trash': async ({ name }) => ({ id: await board.datasets.trash(name) }),
    'demos:restore': ({ id }) => board.datasets.restore(id),
    'demos:remove-episode': async (request) => ({
      id: await board.datasets.removeEpisode(request),
    }),
    'record:save': (recording, commands) => {
      if (commands) return board.recordings.accept(recording, commands);
      throw new ProtocolError(
        'invalid-request',
        'recording: expected its commands beside it, as the bytes of f32 numbers [T, 8]',
      );
    },
    'compare:start': (request) => board.compare(request),
    'job:stop': ({ id }) => stopJob(board, id),
    'lesson:actions': (request) => board.lesson.actions(request),
    'lesson:noise-levels': (request) => board.lesson.noiseLevels(request),
  };
}

async function stopJob(board: JobBoard, id: string): Promise<Record<string, never>> {
  await board.stop(id);
  return {};
}

/** After this long without a sign of life a frame counts as received, ms. */
const ACKNOWLEDGE_WITHIN = 2000;

/**
 * Registers every request through one guard: a message of any form gets an answer or nothing, and
 * never takes the server down.
 */
function answerRequests(socket: Client, handlers: Handlers): void {
  const bucket = new TokenBucket(LIMITS.requestBurst, LIMITS.requestsPerSecond);
  // Events are looked up here and not registered one by one, so that unknown ones are answered too.
  socket.onAny((name: unknown, ...args: unknown[]) => {
    const answer = args.at(-1);
    const reply = (result: Answer<RequestName>) => {
      if (typeof answer === 'function') answer(result);
    };
    respond(handlers, name, args, bucket).then(
      (data) => reply({ ok: true, data } as Answer<RequestName>),
      (error: unknown) => {
        const report = reportError(error);
        if (report.code === 'internal') console.error(error);
        reply({ ok: false, error: report });
      },
    );
  });
}

async function respond(
  handlers: Handlers,
  name: unknown,
  args: readonly unknown[],
  bucket: TokenBucket,
): Promise<Responses[RequestName]> {
  if (!bucket.take()) {
    throw new ProtocolError(
      'busy',
      `expected at most ${LIMITS.requestsPerSecond} requests a second; wait a moment`,
    );
  }
  if (!isRequestName(name)) {
    throw new ProtocolError(
      'invalid-request',
      `expected one of ${Object.keys(REQUESTS).join(', ')}, got ${JSON.stringify(name)?.slice(0, 80)}`,
    );
  }
  return handle(handlers, name, args);
}

async function handle<N extends RequestName>(
  handlers: Handlers,
  name: N,
  [request, binary]: readonly unknown[],
): Promise<Responses[N]> {
  const parsed = REQUESTS[name].safeParse(request);
  if (!parsed.success) {
    throw new ProtocolError('invalid-request', `${name}: ${z.prettifyError(parsed.error)}`);
  }
  const floats = binary instanceof Uint8Array ? toFloats(binary) : null;
  return handlers[name](parsed.data as RequestData<N>, floats);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name);
}

/** socket.io sends a typed array's bytes only as a Buffer over them. */
function bytesOf(packed: Float32Array): ArrayBuffer {
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength) as unknown as ArrayBuffer;
}
