import { beforeAll, describe, expect, it, vi } from 'vitest';
import { tokenCookie } from '../../../server/net/gatekeeper.ts';
import { LIMITS } from '../../../server/protocol/index.ts';
import { type InProcessServer, listenHere, PAGE } from '../../support/in-process-server.ts';
import { type RequestParts, rawRequest, upgrade } from '../../support/raw-http.ts';

/** How a WebSocket is refused, whatever the reason. */
const REFUSED = 400;

let server: InProcessServer;
let host: string;
beforeAll(async () => {
  server = await listenHere();
  ({ host } = new URL(server.url));
});

const get = (path: string, headers: RequestParts['headers'] = {}) =>
  rawRequest(server.url, { path, headers: { Host: host, ...headers } });

describe('the page', () => {
  it('is served with its files', async () => {
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, body: PAGE });
    expect(page.headers['content-type']).toContain('text/html');
    const script = await get('/assets/app.js');
    expect(script.status).toBe(200);
    expect(script.headers['cache-control']).toContain('immutable');
    expect(page.headers['cache-control']).not.toContain('immutable');
  });

  it.each(['//', '//?seed=1'])('is served at the address %s that is no URL', async (path) => {
    expect(await get(path)).toMatchObject({ status: 200, body: PAGE });
  });

  it('may run its own scripts and talk to its own server, and nothing else', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    const directives = new Map(
      policy.split(';').map((part): [string, string] => {
        const [name, ...values] = part.trim().split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(directives.get('default-src')).toBe("'self'");
    expect(directives.get('script-src')).toBe("'self' 'wasm-unsafe-eval'");
    expect(directives.get('object-src')).toBe("'none'");
    expect(directives.get('frame-ancestors')).toBe("'none'");
    expect(directives.get('base-uri')).toBe("'none'");
    expect(directives.get('form-action')).toBe("'none'");
    expect(policy).not.toMatch(/https?:|\*|'unsafe-eval'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is shown within the pages of the origins that are allowed, and of no other', async () => {
    const within = await listenHere({ embedders: ['https://blog.example', 'http://10.0.0.2:99'] });
    const headers = { Host: new URL(within.url).host };
    const page = await rawRequest(within.url, { headers });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/frame-ancestors https:\/\/blog\.example http:\/\/10\.0\.0\.2:99(;|$)/);
    expect(page.headers['x-frame-options']).toBeUndefined();
    expect((await get('/')).headers['x-frame-options']).toBe('SAMEORIGIN');
  });

  it.each([
    '/nothing-here',
    '/../run.json',
    '/..%2f..%2fpackage.json',
    '/assets/..%2f..%2fdatasets',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.git/config',
    '/assets/',
    '//[',
  ])('has no file %s', async (path) => {
    const { status, body } = await get(path);
    expect([403, 404]).toContain(status);
    expect(JSON.parse(body)).toMatchObject({ code: expect.stringMatching(/not-found|invalid/) });
  });

  it('is only to be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await rawRequest(server.url, { method, headers: { Host: host } });
      expect(status, method).toBe(404);
    }
  });

  it('says how late its event loop was', async () => {
    const { status, body } = await get('/event-loop-lag');
    expect(status).toBe(200);
    expect(Object.keys(JSON.parse(body))).toEqual(['p50', 'p99', 'max']);
  });
});

describe('a stranger', () => {
  it.each([
    ['a foreign Host', { Host: 'evil.example' }],
    ['a name that was pointed here', { Host: '127.0.0.1.nip.io:80' }],
    ['a page of another site', { Origin: 'http://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['an image in a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['an image in a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
  ])(
    'with %s gets no page, no figures and no socket',
    async (_, headers: RequestParts['headers']) => {
      for (const path of ['/', '/event-loop-lag', '/assets/app.js']) {
        const { status, body } = await get(path, headers);
        expect(status, path).toBe(403);
        expect(JSON.parse(body)).toMatchObject({ code: 'unauthorized' });
      }
      const polling = await get('/socket.io/?EIO=4&transport=polling', headers);
      expect(polling.status).toBe(403);
      expect(polling.body).not.toContain('sid');
      const { status, socket } = await upgrade(server.url, { headers });
      socket.destroy();
      expect(status).toBe(REFUSED);
    },
  );

  it('is told apart from a page of the server’s own', async () => {
    const { status, socket } = await upgrade(server.url, { headers: { Origin: `http://${host}` } });
    socket.destroy();
    expect(status).toBe(101);
  });
});

describe('a server that others can reach', () => {
  let open: InProcessServer;
  let address: string;
  let own: string;
  let cookieName: string;
  let token: string;
  beforeAll(async () => {
    open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    address = `http://127.0.0.1:${port}/`;
    own = `robot.lab:${port}`;
    cookieName = tokenCookie(own);
    token = searchParams.get('token') ?? '';
  });
  const ask = (path: string, headers: RequestParts['headers'] = {}) =>
    rawRequest(address, { path, headers: { Host: own, ...headers } });

  it('says its token in the address it prints', () => {
    expect(token).toMatch(/^[\w-]{32}$/);
  });

  it('takes it from the address into a cookie, and cleans the address', async () => {
    const first = await ask(`/?token=${token}`);
    expect(first.status).toBe(302);
    expect(first.headers.location).toBe('/');
    const [cookie] = first.headers['set-cookie'] ?? [];
    expect(cookie).toContain(`${cookieName}=${token}`);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const page = await ask('/', { Cookie: cookie.split(';')[0] });
    expect(page).toMatchObject({ status: 200, body: PAGE });
  });

  it.each([
    '//evil.example/',
    '/\\evil.example',
    '/https://evil.example',
    '/a/b?next=//evil.example',
  ])('leads nowhere else from %s', async (path) => {
    const glue = path.includes('?') ? '&' : '?';
    const { status, headers } = await ask(`${path}${glue}token=${token}`);
    expect(status).toBe(302);
    expect(headers.location).toBe('/');
  });

  it.each(['/', '/?token=', '/?token=wrong', '/event-loop-lag', '/assets/app.js'])(
    'keeps %s to itself',
    async (path) => {
      const { status, body, headers } = await ask(path);
      expect(status).toBe(401);
      expect(JSON.parse(body)).toMatchObject({ code: 'unauthorized' });
      expect(headers['set-cookie']).toBeUndefined();
    },
  );

  it('keeps its socket to who has the token', async () => {
    const statusWith = async (path: string | undefined, headers: RequestParts['headers']) => {
      const parts = { path, headers: { Host: own, ...headers } };
      const { status, socket } = await upgrade(address, parts);
      socket.destroy();
      return status;
    };
    const cookie = { Cookie: `${cookieName}=${token}` };
    expect(await statusWith(undefined, {})).toBe(REFUSED);
    expect(await statusWith(undefined, { Cookie: `${cookieName}=wrong` })).toBe(REFUSED);
    expect(await statusWith(undefined, { ...cookie, Origin: 'http://evil.example' })).toBe(REFUSED);
    expect(await statusWith(undefined, { ...cookie, Host: 'evil.example' })).toBe(REFUSED);
    expect(await statusWith(undefined, cookie)).toBe(101);
    const path = `/socket.io/?EIO=4&transport=websocket&token=${token}`;
    expect(await statusWith(path, {})).toBe(101);
  });
});

describe('whoever asks whether it lives', () => {
  it('is told so without a token and under any name, and nothing else', async () => {
    const open = await listenHere({ host: '0.0.0.0' });
    for (const Host of ['10.1.2.3:8080', 'evil.example', '']) {
      const { status, body } = await rawRequest(open.url, { path: '/health', headers: { Host } });
      expect(status).toBe(200);
      expect(body).toBe('{"ok":true}');
    }
  });

  it('without end is told to wait, and uses up no other limit', async () => {
    const busy = await listenHere();
    const headers = { Host: new URL(busy.url).host };
    const ask = async () => (await rawRequest(busy.url, { path: '/health', headers })).status;
    expect(await flood(ask)).toEqual(new Set([200, 429]));
    expect((await rawRequest(busy.url, { headers })).status).toBe(200);
  });
});

/** Statuses of more requests than there may be, told apart. */
async function flood(ask: (i: number) => Promise<number>): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (let i = 0; i < LIMITS.visitsPerMinute + 50; i += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, j) => ask(i + j)));
    for (const status of answers) statuses.add(status);
  }
  return statuses;
}

const POLLING = '/socket.io/?EIO=4&transport=polling';

describe('whoever asks without end is told to wait', () => {
  it('for pages', async () => {
    const busy = await listenHere();
    const headers = { Host: new URL(busy.url).host };
    const ask = async () => (await rawRequest(busy.url, { headers })).status;
    expect(await flood(ask)).toEqual(new Set([200, 429]));
  });

  it('for sockets', async () => {
    const busy = await listenHere();
    const headers = { Host: new URL(busy.url).host };
    const knock = async () => (await rawRequest(busy.url, { path: POLLING, headers })).status;
    expect(await flood(knock)).toEqual(new Set([200, 403]));
    const page = await rawRequest(busy.url, { headers });
    expect(page.status).toBe(429);
    expect(JSON.parse(page.body)).toMatchObject({ code: 'busy' });
  });

  it('with guesses of the token, for pages and sockets alike', async () => {
    const open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    const token = searchParams.get('token');
    const address = `http://127.0.0.1:${port}/`;
    const headers = { Host: `robot.lab:${port}` };
    const guess = async (i: number) =>
      (await rawRequest(address, { path: `/?token=guess-${i}`, headers })).status;
    expect(await flood(guess)).toEqual(new Set([401, 429]));
    // Not even the right one, or a guess would still be told from it.
    expect((await rawRequest(address, { path: `/?token=${token}`, headers })).status).toBe(429);
    const path = `/socket.io/?EIO=4&transport=websocket&token=${token}`;
    const { status, socket } = await upgrade(address, { path, headers });
    socket.destroy();
    expect(status).toBe(REFUSED);
  });

  it('with guesses of the cookie', async () => {
    const open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    const address = `http://127.0.0.1:${port}/`;
    const Host = `robot.lab:${port}`;
    const ask = async (value: string) => {
      const headers = { Host, Cookie: `${tokenCookie(Host)}=${value}` };
      return (await rawRequest(address, { headers })).status;
    };
    expect(await flood((i) => ask(`guess-${i}`))).toEqual(new Set([401, 429]));
    expect(await ask(searchParams.get('token') ?? '')).toBe(429);
  });
});

describe('a page of another site', () => {
  const FOREIGN: readonly RequestParts['headers'][] = [
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
    { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
    { Origin: 'null' },
    { Host: 'evil.example' },
  ];

  it.each(FOREIGN)('cannot lock a person out of the page (%j)', async (foreign) => {
    const own = await listenHere();
    const headers = { Host: new URL(own.url).host };
    for (const path of [POLLING, '/']) {
      const ask = async () =>
        (await rawRequest(own.url, { path, headers: { ...headers, ...foreign } })).status;
      expect(await flood(ask)).toEqual(new Set([403]));
    }
    expect(own.net.io.engine.clientsCount).toBe(0);
    expect((await rawRequest(own.url, { headers })).status).toBe(200);
    const { status, socket } = await upgrade(own.url);
    socket.destroy();
    expect(status).toBe(101);
  });

  it('cannot lock out a person who has the token, whatever it asks for', async () => {
    const open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    const address = `http://127.0.0.1:${port}/`;
    const headers = { Host: `robot.lab:${port}` };
    // Plain HTTP in a local network has no fetch metadata, and no cookie goes with foreign images.
    for (const path of ['/', '/?token=x', POLLING]) {
      await flood(async () => (await rawRequest(address, { path, headers })).status);
    }
    const Cookie = `${tokenCookie(headers.Host)}=${searchParams.get('token')}`;
    const page = await rawRequest(address, { headers: { ...headers, Cookie } });
    expect(page.status).toBe(200);
  });

  it('may link to the page', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect(await get('/', { ...headers, 'Sec-Fetch-Dest': 'document' })).toMatchObject({
      status: 200,
      body: PAGE,
    });
    expect((await get(POLLING, { ...headers, 'Sec-Fetch-Dest': 'document' })).status).toBe(403);
  });
});

describe('the addresses that a server prints', () => {
  it.each(['0.0.0.0', '::'])('lead to the page where it listens on %s', async (host) => {
    const open = await listenHere({ host });
    for (const url of [open.net.url, ...open.net.furtherUrls]) {
      expect((await rawRequest(url)).status, url).toBe(302);
    }
  });

  it('is one on loopback', async () => {
    expect(server.net.furtherUrls).toEqual([]);
  });
});

describe('behind a proxy', () => {
  it('each client has limits of its own, where the proxy is trusted', async () => {
    const { url } = await listenHere({ trustProxy: '1' });
    const ask = async (client: string) =>
      (await rawRequest(url, { headers: { 'X-Forwarded-For': `198.51.100.7, ${client}` } })).status;
    expect(await flood(() => ask('192.0.2.1'))).toEqual(new Set([200, 429]));
    expect(await ask('192.0.2.2')).toBe(200);
  });

  it('a client cannot take another address, where nobody is trusted', async () => {
    const { url } = await listenHere();
    const complaint = vi.spyOn(console, 'error');
    const ask = async (i: number) =>
      (await rawRequest(url, { headers: { 'X-Forwarded-For': `192.0.2.${i % 250}` } })).status;
    expect(await flood(ask)).toEqual(new Set([200, 429]));
    expect(complaint).not.toHaveBeenCalled();
  });
});
