import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request with exactly these headers, as `fetch` does not allow: Host and Origin are free. */
export function rawRequest(
  url: string,
  { path, method = 'GET', headers = {} }: RequestParts = {},
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname, search } = new URL(url);
    const target = { host: addressOf(hostname), port, method, path: path ?? pathname + search };
    const sent = request({ ...target, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A URL's host without the brackets of IPv6. */
function addressOf(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

export interface RequestParts {
  /** @default the URL's own */
  readonly path?: string | undefined;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Where socket.io answers, for a connection that is a WebSocket from the start. */
export const WEBSOCKET_PATH = '/socket.io/?EIO=4&transport=websocket';

/**
 * Asks for a WebSocket without any library.
 *
 * @returns the status of the answer, 101 where it is granted, and the connection it came on
 */
export async function upgrade(
  url: string,
  { path = WEBSOCKET_PATH, headers = {} }: RequestParts = {},
): Promise<{ status: number; socket: Socket; text: string }> {
  const { hostname, port, host } = new URL(url);
  const socket = connectTcp(Number(port), addressOf(hostname));
  await once(socket, 'connect');
  const lines = Object.entries({
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  let text = '';
  while (!text.includes('\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), socket, text };
}

/** A text message as a WebSocket client frames it: masked, here with zeros. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text, 'utf8');
  const extended = payload.length > 125;
  if (payload.length > 0xffff) throw new Error('expected a short text');
  const header = Buffer.alloc(extended ? 8 : 6);
  header[0] = 0x81;
  header[1] = 0x80 | (extended ? 126 : payload.length);
  if (extended) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}
