import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ProtocolError } from '../protocol/errors.ts';

/** Cookie that carries the token after the first visit. */
export const TOKEN_COOKIE = 'forking_paths_token';

/** Shorter ones can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/** Why a request is not let in; null where it is. */
export type Refusal = { readonly status: 401 | 403; readonly message: string } | null;

export interface GatekeeperOptions {
  /** Address the server listens on. */
  readonly host: string;
  /** Names this server may be called by, besides its address. */
  readonly allowedHosts?: readonly string[];
}

/**
 * Decides who may talk to the server, for HTTP requests and WebSocket upgrades alike.
 *
 * A page of any site can send requests to a server on this machine, and a name of any site can
 * point at it. Host says what name was used, Origin whose page it was: both must be this server's
 * own. A server that others can reach asks for a token besides.
 */
export class Gatekeeper {
  readonly #hosts: ReadonlySet<string>;
  /** What the first visit must bring in `?token=`; null on loopback, where none is needed. */
  readonly token: string | null;

  /** @throws ProtocolError 'invalid-request' where the token of the environment is too short */
  constructor({ host, allowedHosts = [] }: GatekeeperOptions) {
    const loopback = isLoopback(host);
    const own = [...(loopback ? ['localhost', '127.0.0.1', '[::1]'] : []), bracketed(host)];
    this.#hosts = new Set([...own, ...allowedHosts].map((name) => name.toLowerCase()));
    this.token = loopback ? null : (chosenToken() ?? randomBytes(24).toString('base64url'));
  }

  check(request: IncomingMessage): Refusal {
    const { host, origin } = request.headers;
    if (!host || !this.#hosts.has(hostname(host))) {
      return {
        status: 403,
        message:
          `Host: expected one of ${[...this.#hosts].join(', ')}, got ` +
          `${JSON.stringify(host ?? null)}; start the server with --allowed-host to add a name`,
      };
    }
    if (origin !== undefined && !sameOrigin(origin, host)) {
      return {
        status: 403,
        message: `Origin: expected a page of ${host}, got ${JSON.stringify(origin)}`,
      };
    }
    if (this.token !== null && !this.#hasToken(request, this.token)) {
      return {
        status: 401,
        message: 'token: expected the one the server printed at start, in ?token=… of the address',
      };
    }
    return null;
  }

  #hasToken(request: IncomingMessage, token: string): boolean {
    const given = tokenInQuery(request) ?? tokenInCookie(request);
    return given !== null && equalTexts(given, token);
  }
}

/** The token of the environment; null where there is none. */
function chosenToken(): string | null {
  const token = process.env.FORKING_PATHS_TOKEN ?? '';
  if (token === '') return null;
  if (token.length >= MIN_TOKEN_LENGTH) return token;
  throw new ProtocolError(
    'invalid-request',
    `FORKING_PATHS_TOKEN: expected at least ${MIN_TOKEN_LENGTH} characters, got ${token.length}; ` +
      'choose a longer one, or unset it and take the one that is drawn at each start',
  );
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export function tokenInQuery({ url }: IncomingMessage): string | null {
  // Not by URL: what stands before the '?' is a stranger's and need not be one ("//").
  const [, query = ''] = (url ?? '').split('?', 2);
  return new URLSearchParams(query).get('token');
}

function tokenInCookie({ headers }: IncomingMessage): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name === TOKEN_COOKIE) return value.join('=');
  }
  return null;
}

function sameOrigin(origin: string, host: string): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.host === host.toLowerCase();
}

/** The name in a Host header, its port left out. */
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function equalTexts(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
