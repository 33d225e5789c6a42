import { type ReadonlySignal, signal } from '@preact/signals';
import type { Socket } from 'socket.io-client';
import type {
  Answer,
  ErrorCode,
  ErrorReport,
  RequestEvents,
  RequestInput,
  RequestName,
  RequestWithCommands,
  Responses,
  ServerEvents,
} from '../../../server/protocol/index.ts';
import { t } from '../../texts.ts';

export type ClientSocket = Socket<ServerEvents, RequestEvents>;

/** 'connecting' until the first connection, 'lost' from the end of one to the next. */
export type ConnectionStatus = 'connecting' | 'online' | 'lost';

/** Answers take longest for a recording, which the server replays in a process of its own. */
const ANSWER_WITHIN = 60_000;

/** A request that was not fulfilled; the message is for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** 'offline' and 'timeout' never reached the server, or its answer never came. */
  readonly code: ErrorCode | 'offline' | 'timeout';

  constructor(code: ErrorCode | 'offline' | 'timeout', message: string) {
    super(message);
    this.code = code;
  }
}

/** The one connection to the server: requests with answers, and news. */
export interface Connection {
  readonly status: ReadonlySignal<ConnectionStatus>;
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

  async function ask(name: RequestName, ...args: unknown[]): Promise<unknown> {
    // Sent later, on reconnection, it would do something that is no longer expected.
    if (!socket.connected) throw new RequestError('offline', 'not connected to the server');
    // Their names and arguments are checked by this module's interface; socket.io's types for
    // acknowledgements with a time limit cannot follow a mapped type.
    const emitter = socket.timeout(ANSWER_WITHIN) as unknown as {
      emitWithAck(name: string, ...args: unknown[]): Promise<Answer<RequestName>>;
    };
    let answer: Answer<RequestName>;
    try {
      answer = await emitter.emitWithAck(name, ...args);
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
    if (code === 'offline' || code === 'timeout') {
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
