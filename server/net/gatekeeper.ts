import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ProtocolError } from '../protocol/errors.ts';
import { cutText } from '../protocol/issues.ts';
import {
  bracketed,
  isLoopback,
  isOwnAddress,
  isWildcard,
  LOOPBACK_NAMES,
} from './own-addresses.ts';

/** Shorter ones can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/** Longest part of a header that is said back, characters. */
const MAX_QUOTED = 200;

/** Why a request is not let in. */
export interface Refusal {
  readonly status: 401 | 403 | 429;
  readonly message: string;
}

/** What is asked for: a file, or the beginning of a socket. */
export type Purpose = 'page' | 'socket';

/** A token that came with a request, how it came, and whether it is the right one. */
export interface Presented {
  readonly by: 'address' | 'cookie';
  readonly right: boolean;
}

export interface GatekeeperOptions {
  /** Address the server listens on. */
  readonly host: string;
  /** Names this server may be called by, besides its address. */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may show this server's page within them. @default none */
  readonly embedders?: readonly string[];
}

/**
 * Decides who may talk to the server, for HTTP requests and WebSocket upgrades alike.
 *
 * A page of any site can send requests to a server on this machine, and a name of any site can
 * point at it. Host says what name was used, Origin and fetch metadata whose page it was: all must
 * be this server's own. A server that others can reach asks for a token besides.
 */
export class Gatekeeper {
  readonly #names: ReadonlySet<string>;
  /** Listens on every address of the machine: each of them is a name of this server. */
  readonly #everywhere: boolean;
  /** What the first visit must bring in `?token=`; null on loopback, where none is needed. */
  readonly token: string | null;

  /** Origins whose pages may show this server's page within them. */
  readonly embedders: readonly string[];

  /**
   * @throws ProtocolError 'invalid-request' where the token of the environment is too short, or an
   *   embedder is no origin
   */
  constructor({ host, allowedHosts = [], embedders = [] }: GatekeeperOptions) {
    this.embedders = embedders.map(originOf);
    const loopback = isLoopback(host);
    this.#everywhere = isWildcard(host);
    const own = [...(loopback || this.#everywhere ? LOOPBACK_NAMES : []), bracketed(host)];
    this.#names = new Set([...own, ...allowedHosts].map((name) => name.toLowerCase()));
    this.token = loopback ? null : (chosenToken() ?? randomBytes(24).toString('base64url'));
  }

  check(request: IncomingMessage, purpose: Purpose = 'page'): Refusal | null {
    return this.checkPlace(request, purpose) ?? this.checkToken(this.presented(request));
  }

  /** Whether it comes from a page of this server's own or from no page, under one of its names. */
  checkPlace(request: IncomingMessage, purpose: Purpose): Refusal | null {
    const { host, origin } = request.headers;
    if (!host || !this.#isOwn(hostname(host))) {
      const names = [...this.#names, ...(this.#everywhere ? ['an address of this machine'] : [])];
      return refused(
        `Host: expected one of ${names.join(', ')}, got ${quoted(host ?? null)}; start the ` +
          'server with --allowed-host to add a name',
      );
    }
    if (origin !== undefined) {
      if (sameOrigin(origin, host)) return null;
      return refused(`Origin: expected a page of ${host}, got ${quoted(origin)}`);
    }
    if (!isFromElsewhere(request)) return null;
    // Which pages may, the browser is told by frame-ancestors: here it does not say who asks.
    const framed = this.embedders.length > 0 && opensPage(request, 'iframe');
    if (purpose === 'page' && (opensPage(request, 'document') || framed)) return null;
    return refused(
      `Sec-Fetch-Site: expected a page of ${host} or a link to it, got a request of ` +
        `a page elsewhere (${quoted(request.headers['sec-fetch-site'] ?? null)})`,
    );
  }

  checkToken(presented: Presented | null): Refusal | null {
    if (this.token === null || presented?.right) return null;
    return {
      status: 401,
      message: 'token: expected the one the server printed at start, in ?token=… of the address',
    };
  }

  /** The token that came with a request; null where none did, and where none is needed. */
  presented(request: IncomingMessage): Presented | null {
    if (this.token === null) return null;
    const inAddress = tokenInQuery(request);
    if (inAddress !== null) return { by: 'address', right: equalTexts(inAddress, this.token) };
    const inCookie = tokenInCookie(request);
    return inCookie === null ? null : { by: 'cookie', right: equalTexts(inCookie, this.token) };
  }

  #isOwn(name: string): boolean {
    return this.#names.has(name) || (this.#everywhere && isOwnAddress(name));
  }
}

/**
 * Cookie that carries the token after the first visit. Cookies know no port: the name does, or two
 * servers of one machine would take each other's.
 *
 * @param host as in a Host header
 */
export function tokenCookie(host: string): string {
  return `forking_paths_token_${/:(\d+)$/.exec(host)?.[1] ?? 'default'}`;
}

export function tokenInQuery({ url }: Pick<IncomingMessage, 'url'>): string | null {
  // Not by URL: what stands before the '?' is a stranger's and need not be one ("//").
  const [, query = ''] = (url ?? '').split('?', 2);
  return new URLSearchParams(query).get('token');
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

function tokenInCookie({ headers }: IncomingMessage): string | null {
  const expected = tokenCookie(headers.host ?? '');
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name === expected) return value.join('=');
  }
  return null;
}

/**
 * Whether a browser says that a page of another origin asks. Images, links and forms of such a page
 * bring no Origin; what is no browser, or an old one, says nothing.
 */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/**
 * Whether a person follows a link to here, with the whole tab, or a page shows this one in a frame of
 * its own: it shows the page to that person.
 */
function opensPage({ method, headers }: IncomingMessage, where: 'document' | 'iframe'): boolean {
  const into = headers['sec-fetch-dest'] ?? 'document';
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && into === where;
}

/** @throws ProtocolError 'invalid-request' */
function originOf(text: string): string {
  if (URL.canParse(text)) {
    const { protocol, origin } = new URL(text);
    if (/^https?:$/.test(protocol) && origin === text.toLowerCase()) return origin;
  }
  throw new ProtocolError(
    'invalid-request',
    `embedding: expected the origin of a page, like https://blog.example, got ${quoted(text)}; leave ` +
      'out its path and a slash at the end',
  );
}

/** Hosts are compared as the origin's scheme reads them: a proxy may write the default port. */
function sameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (!/^https?:$/.test(page.protocol)) return false;
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && page.host === new URL(own).host;
}

/** The name in a Host header, its port left out. */
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function refused(message: string): Refusal {
  return { status: 403, message };
}

function quoted(header: unknown): string {
  return cutText(JSON.stringify(header), MAX_QUOTED);
}

function equalTexts(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
