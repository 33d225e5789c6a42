import { EventEmitter } from 'node:events';
import { signal } from '@preact/signals';
import type {
  ClientSocket,
  Connection,
  ConnectionStatus,
} from '../../client/shared/link/connection.ts';
import type { RequestName, ServerEvents } from '../../server/protocol/index.ts';

/** A connection whose server is the test. */
export interface FakeConnection extends Connection {
  /** All requests, oldest first. */
  readonly asked: { readonly name: RequestName; readonly request: unknown }[];
  /** What the server says of itself. */
  say<N extends keyof ServerEvents>(name: N, ...args: Parameters<ServerEvents[N]>): void;
}

/** @param answer to every request; what it throws is a request refused */
export function fakeConnection(
  answer: (name: RequestName, request: unknown) => unknown = () => ({}),
): FakeConnection {
  const events = new EventEmitter();
  const asked: { name: RequestName; request: unknown }[] = [];
  const request: Connection['request'] = async (name, request) => {
    asked.push({ name, request });
    return answer(name, request) as never;
  };
  return {
    status: signal<ConnectionStatus>('online'),
    offers: () => true,
    // Of a socket the stores use `on` alone.
    socket: events as unknown as ClientSocket,
    asked,
    request,
    saveRecording: async () => answer('record:save', null) as never,
    goOn: async (request) => {
      asked.push({ name: 'stage:go-on', request });
      await answer('stage:go-on', request);
    },
    say: (name, ...args) => {
      events.emit(name, ...args);
    },
  };
}
