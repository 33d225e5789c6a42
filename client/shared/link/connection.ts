import { type ReadonlySignal, signal } from '@preact/signals';
import type {
  Answer,
  ErrorCode,
  ErrorReport,
  RequestInput,
  RequestName,
  RequestWithCommands,
  Responses,
  ServerEvents,
} from '../../../server/protocol/index.ts';
import { t } from '../../texts.ts';

/** What a socket says: what the server does, and whether there is one. */
export type SocketEvents = ServerEvents & { connect: () => void; disconnect: () => void };

/** What carries requests to a server, and its news back: of a socket, what the page uses. */
export interface ClientSocket {
  readonly connected: boolean;
  /** What can be asked for. @default everything */
  readonly offered?: ReadonlySet<RequestName>;
  on<N extends keyof SocketEvents>(event: N, listener: SocketEvents[N]): void;
  /** @param milliseconds to wait for an answer */
  timeout(milliseconds: number): {
    emitWithAck(name: RequestName, ...args: unknown[]): Promise<Answer<RequestName>>;
  };
}

/** 'connecting' until the first connection, 'lost' from the end of one to the next. */
export type ConnectionStatus = 'connecting' | 'online' | 'lost';

/** Answers take longest for a recording, which the server replays in a process of its own. */
const ANSWER_WITHIN = 60_000;

/** It never reached the server, its answer never came, or the page has no server. */
type Unanswered = 'offline' | 'timeout' | 'serverless';

/** A request that was not fulfilled; the message is for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode | Unanswered;

  constructor(code: ErrorCode | Unanswered, message: string) {
    super(message);
    this.code = code;
  }
}

/** The one connection to the server: requests with answers, and news. */
export interface Connection {
  readonly status: ReadonlySignal<ConnectionStatus>;
  /** Whether there is a server for it: the page may have none, and do a part itself. */
  offers(name: RequestName): boolean;
  /** @throws RequestError */
  request<N extends Exclude<RequestName, RequestWithCommands>>(
    name: N,
    request: RequestInput<N>,
  ): Promise<Responses[N]>;
  /**
   * @param commands f32 [T, 8]
   * @throws RequestError
   */
  saveRecording(
    recording: RequestInput<'record:save'>,
    commands: Float32Array,
  ): Promise<Responses['record:save']>;
  /**
   * Lets a policy go on from where a person left the arm.
   *
   * @param commands f32 [n, 8], theirs
   * @throws RequestError
   */
  goOn(request: RequestInput<'stage:go-on'>, commands: Float32Array): Promise<void>;
  readonly socket: ClientSocket;
}

export function createConnection(socket: ClientSocket): Connection {
  const status = signal<ConnectionStatus>(socket.connected ? 'online' : 'connecting');
  socket.on('connect', () => {
    status.value = 'online';
  });
  socket.on('disconnect', () => {
    status.value = 'lost';
  });

  const offers = (name: RequestName) => socket.offered?.has(name) ?? true;

  async function ask(name: RequestName, ...args: unknown[]): Promise<unknown> {
    // Sent later, on reconnection, it would do something that is no longer expected.
    if (!socket.connected) throw new RequestError('offline', 'not connected to the server');
    if (!offers(name)) throw new RequestError('serverless', `${name}: the page has no server`);
    let answer: Answer<RequestName>;
    try {
      answer = await socket.timeout(ANSWER_WITHIN).emitWithAck(name, ...args);
    } catch {
      throw socket.connected
        ? new RequestError('timeout', `no answer within ${ANSWER_WITHIN / 1000} s`)
        : new RequestError('offline', 'the connection was lost before the answer came');
    }
    if (answer.ok) return answer.data;
    throw new RequestError(answer.error.code, answer.error.message);
  }

  return {
    status,
    offers,
    socket,
    request: <N extends RequestName>(name: N, request: RequestInput<N>) =>
      ask(name, request) as Promise<Responses[N]>,
    saveRecording: (recording, commands) =>
      ask('record:save', recording, bytesOf(commands)) as Promise<Responses['record:save']>,
    goOn: async (request, commands) => {
      await ask('stage:go-on', request, bytesOf(commands));
    },
  };
}

/** What to show of any error. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof RequestError) {
    const { code, message } = error;
    // What the server says is shown as it is; what is said in its place is the page's own.
    if (code === 'offline' || code === 'timeout' || code === 'serverless') {
      return { code: 'busy', message: t.value.connection[code] };
    }
    return { code, message };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** The numbers' own bytes: not those of a larger buffer they may lie in. */
function bytesOf(numbers: Float32Array): ArrayBuffer {
  return Float32Array.from(numbers).buffer;
}
