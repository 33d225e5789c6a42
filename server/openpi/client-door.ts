import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { cutText } from '../protocol/issues.ts';
import { type Answering, ClientTalk } from './client-talk.ts';
import { encode, type Sendable } from './codec.ts';

/** Clients at once: a robot has one connection, a comparison one a core. */
const MOST_CLIENTS = 64;
/** Largest request, bytes: pictures of a whole batch. */
const MOST_BYTES = 8 * 1024 * 1024;
/** How long a client may take to say what it wants, and to leave when it is asked to, ms. */
const PATIENCE = { headers: 10_000, goodbye: 1000 };
/** Longest answer to a client that is not let in, characters. */
const MOST_REFUSAL = 300;

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  /** What a client must send as `Authorization: Api-Key …`; null where nothing is needed. */
  readonly token: string | null;
  /** The first frame that every client gets. */
  readonly metadata: Sendable;
  readonly answering: Answering;
}

/** Lets clients of the protocol in, and talks to each. */
export class ClientDoor {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #clients = 0;

  private constructor({ token, metadata, answering }: DoorOptions) {
    this.#http = createServer({ headersTimeout: PATIENCE.headers }, (request, response) => {
      if (request.method === 'GET' && request.url === '/healthz') {
        response.end('OK\n');
      } else {
        response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' });
        response.end('expected a WebSocket, as openpi clients open it\n');
      }
    });
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MOST_BYTES,
    });
    const first = encode(metadata);
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = refusalOf(request, token, this.#sockets.clients.size);
      if (refusal) refuse(socket, refusal);
      else {
        this.#sockets.handleUpgrade(request, socket, head, (client) => {
          new ClientTalk(client, this.#clients++, answering).begin(first);
        });
      }
    });
  }

  /** @throws the system's error where the port is taken */
  static async open(options: DoorOptions): Promise<ClientDoor> {
    const door = new ClientDoor(options);
    await new Promise<void>((resolve, reject) => {
      door.#http.once('error', reject);
      door.#http.listen(options.port, options.host, resolve);
    });
    return door;
  }

  get port(): number {
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Says goodbye to all, and waits until they have gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const client of this.#sockets.clients) client.close(1001, 'the server ends');
    const late = setTimeout(() => {
      for (const client of this.#sockets.clients) client.terminate();
      this.#http.closeAllConnections();
    }, PATIENCE.goodbye);
    this.#http.closeIdleConnections();
    await closed;
    clearTimeout(late);
  }
}

interface Refusal {
  readonly status: string;
  readonly message: string;
}

/** Why a client is not let in. */
function refusalOf(
  { headers }: IncomingMessage,
  token: string | null,
  clients: number,
): Refusal | null {
  if (headers.origin !== undefined) {
    // Pages of any site can open sockets to this machine, and say so; clients of the protocol do not.
    const message = `expected no page of the web, got ${cutText(headers.origin, 100)}`;
    return { status: '403 Forbidden', message };
  }
  if (token !== null && !equalTexts(headers.authorization ?? '', `Api-Key ${token}`)) {
    const message = 'expected "Authorization: Api-Key TOKEN" with the token that was said at start';
    return { status: '401 Unauthorized', message };
  }
  if (clients < MOST_CLIENTS) return null;
  return { status: '503 Service Unavailable', message: `expected at most ${MOST_CLIENTS} clients` };
}

function refuse(socket: Duplex, { status, message }: Refusal): void {
  // It may have gone already.
  socket.on('error', () => {});
  const body = `${cutText(message, MOST_REFUSAL)}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** In a time that does not depend on where they differ. */
function equalTexts(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
