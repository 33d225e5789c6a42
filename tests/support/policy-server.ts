import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { decode, encode, type Sendable, type Value } from '../../server/openpi/codec.ts';
import { floats, isNumpyArray, toFloats } from '../../server/openpi/numpy.ts';
import { afterFile } from './after-file.ts';

/** A request as the server's script sees it. */
export type Asked = ReadonlyMap<string, Value>;

/** What a policy server does with a request: a frame is sent, text as text, nothing is silence. */
export type Answering = (
  asked: Asked,
  connection: { readonly socket: WebSocket; readonly call: number; readonly number: number },
) => Uint8Array | string | null;

export interface FakePolicyServer {
  readonly url: string;
  /** All that was asked so far. */
  readonly asked: Asked[];
  /** Connections so far. */
  readonly connections: WebSocket[];
  /** Headers with which each began. */
  readonly headers: NodeJS.Dict<string | string[]>[];
}

/** A server that speaks openpi's protocol, whose answers are a script of the test. */
export async function startPolicyServer(
  answering: Answering,
  {
    metadata = {},
    silent = false,
  }: { metadata?: Sendable | (() => Sendable); silent?: boolean } = {},
): Promise<FakePolicyServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  afterFile(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const asked: Asked[] = [];
  const connections: WebSocket[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  server.on('connection', (socket, request) => {
    const number = connections.push(socket) - 1;
    headers.push(request.headers);
    let call = 0;
    // A client that hangs up in the middle is no fault of the server.
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const request = decode(data) as Asked;
      asked.push(request);
      const answer = answering(request, { socket, call: call++, number });
      if (answer !== null) socket.send(answer);
    });
    if (silent) return;
    socket.send(encode(typeof metadata === 'function' ? metadata() : metadata));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}`, asked, connections, headers };
}

/** `observation.state` of a request. */
export function stateOf(asked: Asked): Float32Array {
  const state = asked.get('observation.state');
  if (!isNumpyArray(state)) throw new Error('expected a state');
  return toFloats(state);
}

/** A plan that stays where the arm is, [H, 8]. */
export function holding(asked: Asked, horizon: number): Uint8Array {
  return encode({ actions: floats(held(stateOf(asked), horizon), [horizon, 8]) });
}

/** Where the arm is, for all of a plan. */
export function held(state: Float32Array, horizon: number): Float32Array {
  const chunk = new Float32Array(8 * horizon);
  for (let row = 0; row < horizon; row++) chunk.set(state.subarray(state.length - 8), 8 * row);
  return chunk;
}
