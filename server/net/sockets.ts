import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { type Audiences, type JobBoard, reportError } from '../jobs/index.ts';
import {
  type Answer,
  boundHello,
  explainIssues,
  jsonSize,
  LIMITS,
  laneOfFan,
  type PictureWay,
  ProtocolError,
  REQUESTS,
  type RequestData,
  type RequestEvents,
  type RequestName,
  type Responses,
  type ServerEvents,
  toFloats,
} from '../protocol/index.ts';
import { NewestFirst } from '../protocol/newest-first.ts';
import type { Admission } from './admission.ts';
import { type Connection, endOnClose } from './cut-off.ts';
import { FloodGuard } from './flood-guard.ts';
import { findExcess } from './plain-value.ts';
import { shareReading } from './shared-read.ts';
import { TokenBucket } from './token-bucket.ts';
import { closeWhenUnread } from './unread.ts';

type Client = Socket<RequestEvents, ServerEvents>;
export type Sockets = Server<RequestEvents, ServerEvents>;

/** What answers one request; `binary` is the bytes that came beside it, if any. */
type Handler<N extends RequestName> = (
  request: RequestData<N>,
  binary: Float32Array | null,
) => Responses[N] | Promise<Responses[N]>;

type Handlers = { readonly [N in RequestName]: Handler<N> };

export interface SocketServices {
  readonly admission: Admission;
  /** That may be open at once. */
  readonly pages: number;
  readonly board: JobBoard;
  readonly stages: Pick<Audiences, 'command' | 'ask' | 'goOn' | 'leave'>;
  hello(): Promise<Responses['hello']>;
  metrics(run: string): Promise<Responses['run:metrics']>;
}

/** Where sockets begin, whatever they are carried by. */
export const SOCKET_PATH = '/socket.io/';

/** The socket side: requests with an answer each, streams of frames, and news for everybody. */
export function createSockets(server: HttpServer, services: SocketServices): Sockets {
  const { admission, stages, pages } = services;
  const io: Sockets = new Server(server, {
    path: SOCKET_PATH,
    maxHttpBufferSize: LIMITS.messageBytes,
    connectTimeout: LIMITS.connectionTimes.helloMs,
    serveClient: false,
    perMessageDeflate: false,
    // Other upgrades are cut off where connections are bounded.
    destroyUpgrade: false,
    allowRequest: (request, decide) => {
      const refusal = admission.check(request, 'socket');
      if (refusal) return decide(refusal.message, false);
      if (io.engine.clientsCount < pages) return decide(null, true);
      decide(`expected at most ${pages} connections; close a page`, false);
    },
  });
  // Every page asks when it comes, and it takes a look at every file.
  const hello = shareReading(async () => boundHello(await services.hello()));
  const guards = new WeakMap<Connection, FloodGuard>();
  // From a connection's first packet on, once however many sockets it opens and closes.
  io.engine.on('connection', (connection: Connection) => {
    const guard = new FloodGuard(connection, () => admission.blame(connection.request));
    guards.set(connection, guard);
    closeWhenUnread(connection, LIMITS.unreadBytes);
    endOnClose(connection);
  });
  io.on('connection', (socket) => {
    const guard = guards.get(socket.conn);
    answerRequests(
      socket,
      handlersFor(socket, { ...services, hello }, () => guard?.expectAnswer()),
    );
    socket.on('disconnect', () => {
      stages.leave(socket.id);
      services.board.painters.stop(socket.id);
    });
  });
  return io;
}

function handlersFor(
  socket: Client,
  { board, stages, hello, metrics }: SocketServices,
  expectAnswer: () => void,
): Handlers {
  // A page that has stopped reading must not make the server grow.
  const newestFirst = (event: 'stage:frame' | 'stage:fan') =>
    new NewestFirst<Float32Array>((packed, received) => {
      expectAnswer();
      socket.timeout(ACKNOWLEDGE_WITHIN).emit(event, bytesOf(packed), () => received());
    });
  const frames = newestFirst('stage:frame');
  const fans = [0, 1, 2, 3].map(() => newestFirst('stage:fan'));
  return {
    hello,
    'stage:command': (command) => {
      stages.command(socket.id, command, (message) => {
        if (message.kind === 'episode') socket.emit('stage:episode', message.episode);
        else if (message.kind === 'error') socket.emit('stage:error', message.error);
        else if (message.kind === 'trouble') socket.emit('stage:trouble', message.trouble);
        else if (message.kind === 'frame') frames.offer(message.packed, message.kept);
        else fans[laneOfFan(message.packed)]?.offer(message.packed, message.kept);
      });
      return {};
    },
    'stage:ask': async (inquiry) => bytesOf(await stages.ask(socket.id, inquiry)),
    'stage:go-on': async (request, commands) => {
      await stages.goOn(socket.id, request, commands ?? noCommands('takeover'));
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
    'demos:make-set': ({ hash }) => board.makeSet(hash),
    'demos:episodes': ({ name }) => board.datasets.episodes(name),
    'demos:overview': async ({ name }) => {
      const overview = await board.views.overview(name);
      return { ...overview, paths: bytesOf(overview.paths) };
    },
    'demos:episode': async (request) => {
      const view = await board.views.episode(request);
      return { ...view, frames: bytesOf(view.frames) };
    },
    'demos:trash': async ({ name }) => ({ id: await board.datasets.trash(name) }),
    'demos:restore': ({ id }) => board.datasets.restore(id),
    'demos:edit': async (request) => ({ id: await board.datasets.edit(request) }),
    'demos:split': (request) => board.datasets.split(request),
    'demos:merge': (request) => board.datasets.merge(request),
    'record:save': (recording, commands) =>
      board.recordings.accept(recording, commands ?? noCommands('recording')),
    'compare:start': (request) => board.compare(request),
    'experiments:list': () => board.experiments.list(),
    'experiment:open': ({ name }) => board.experiments.open(name),
    'experiment:rollouts': (request) => board.experiments.rollouts(request),
    'experiment:continue': ({ name }) => board.continueExperiment(name),
    'experiment:rename': async ({ name, title }) => {
      await board.experiments.rename(name, title);
      return {};
    },
    'experiment:trash': async ({ name }) => ({ id: await board.experiments.trash(name) }),
    'experiment:restore': async ({ id }) => ({ name: await board.experiments.restore(id) }),
    'job:stop': ({ id }) => stopJob(board, id),
    'lesson:actions': (request) => board.lesson.actions(request),
    'lesson:noise-levels': (request) => board.lesson.noiseLevels(request),
    'pictures:painters': () => board.painters.ask(socket.id, 'list', null),
    'pictures:draw': async (request) => {
      const { pictures, way, ...drawn } = await board.painters.ask(socket.id, 'draw', request);
      return { ...drawn, pictures: bytesOf(pictures), way: way && bytesOfWay(way) };
    },
    'pictures:stop': () => {
      board.painters.stop(socket.id);
      return {};
    },
    'pictures:noise-levels': (request) => board.painters.ask(socket.id, 'levels', request),
  };
}

function noCommands(of: string): never {
  throw new ProtocolError(
    'invalid-request',
    `${of}: expected its commands beside it, as the bytes of f32 numbers [T, 8]`,
  );
}

async function stopJob(board: JobBoard, id: string): Promise<Record<string, never>> {
  await board.stop(id);
  return {};
}

/** Longest part of an unknown request's name that is said back, characters. */
const MAX_NAME = 80;

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
      `expected one of ${Object.keys(REQUESTS).join(', ')}, got ` +
        JSON.stringify(String(name).slice(0, MAX_NAME)),
    );
  }
  return handle(handlers, name, args);
}

async function handle<N extends RequestName>(
  handlers: Handlers,
  name: N,
  [request, beside]: readonly unknown[],
): Promise<Responses[N]> {
  const excess = findExcess(request);
  if (excess !== null) throw refused(name, excess);
  const parsed = REQUESTS[name].safeParse(request);
  if (!parsed.success) throw refused(name, explainIssues(parsed.error));
  const answer = await handlers[name](parsed.data as RequestData<N>, bytesBeside(name, beside));
  if (jsonSize(answer, LIMITS.answer) <= LIMITS.answer) return answer;
  throw new ProtocolError(
    'failed',
    `${name}: expected an answer of at most ${LIMITS.answer} characters, got a longer one`,
  );
}

/** What came beside a request, where that is bytes, as numbers; null where it is none. */
function bytesBeside(name: RequestName, beside: unknown): Float32Array | null {
  if (!(beside instanceof Uint8Array)) return null;
  if (name === 'record:save' || name === 'stage:go-on') return toFloats(beside);
  throw refused(name, `expected no bytes beside it, got ${beside.length}`);
}

function refused(name: RequestName, what: string): ProtocolError {
  return new ProtocolError('invalid-request', `${name}: ${what}`);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name);
}

/** socket.io sends a typed array's bytes only as a Buffer over them. */
function bytesOf(packed: Float32Array | Uint8Array): ArrayBuffer {
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength) as unknown as ArrayBuffer;
}

function bytesOfWay({ noised, estimates, gaze, ...way }: PictureWay<Uint8Array>): PictureWay {
  return {
    ...way,
    noised: bytesOf(noised),
    estimates: bytesOf(estimates),
    gaze: bytesOf(gaze),
  };
}
