import { beforeAll, describe, expect, it } from 'vitest';
import { TOKEN_COOKIE } from '../../../server/net/gatekeeper.ts';
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

  it('says that it is well', async () => {
    const { status, body } = await get('/health');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ ok: true });
  });
});

describe('a stranger', () => {
  it.each([
    ['a foreign Host', { Host: 'evil.example' }],
    ['a name that was pointed here', { Host: '127.0.0.1.nip.io:80' }],
    ['a page of another site', { Origin: 'http://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
  ])(
    'with %s gets no page, no health and no socket',
    async (_, headers: RequestParts['headers']) => {
      for (const path of ['/', '/health', '/assets/app.js']) {
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
  let token: string;
  beforeAll(async () => {
    open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    address = `http://127.0.0.1:${port}/`;
    own = `robot.lab:${port}`;
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
    expect(cookie).toContain(`${TOKEN_COOKIE}=${token}`);
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

  it.each(['/', '/?token=', '/?token=wrong', '/health', '/assets/app.js'])(
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
    const cookie = { Cookie: `${TOKEN_COOKIE}=${token}` };
    expect(await statusWith(undefined, {})).toBe(REFUSED);
    expect(await statusWith(undefined, { Cookie: `${TOKEN_COOKIE}=wrong` })).toBe(REFUSED);
    expect(await statusWith(undefined, { ...cookie, Origin: 'http://evil.example' })).toBe(REFUSED);
    expect(await statusWith(undefined, { ...cookie, Host: 'evil.example' })).toBe(REFUSED);
    expect(await statusWith(undefined, cookie)).toBe(101);
    const path = `/socket.io/?EIO=4&transport=websocket&token=${token}`;
    expect(await statusWith(path, {})).toBe(101);
  });
});

describe('whoever asks without end is told to wait', () => {
  /** Statuses of more requests than there may be, told apart. */
  async function flood(ask: (i: number) => Promise<number>): Promise<Set<number>> {
    const statuses = new Set<number>();
    for (let i = 0; i < LIMITS.visitsPerMinute + 50; i += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, j) => ask(i + j)));
      for (const status of answers) statuses.add(status);
    }
    return statuses;
  }

  it('for pages', async () => {
    const busy = await listenHere();
    const headers = { Host: new URL(busy.url).host };
    const ask = async () => (await rawRequest(busy.url, { path: '/health', headers })).status;
    expect(await flood(ask)).toEqual(new Set([200, 429]));
  });

  it('with guesses of the token, for pages and sockets alike', async () => {
    const open = await listenHere({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
    const { port, searchParams } = new URL(open.url);
    const address = `http://127.0.0.1:${port}/`;
    const headers = { Host: `robot.lab:${port}` };
    const guess = async (i: number) =>
      (await rawRequest(address, { path: `/?token=guess-${i}`, headers })).status;
    expect(await flood(guess)).toEqual(new Set([401, 429]));
    const cookie = { Cookie: `${TOKEN_COOKIE}=${searchParams.get('token')}` };
    const { status, socket } = await upgrade(address, { headers: { ...headers, ...cookie } });
    socket.destroy();
    expect(status).toBe(REFUSED);
  });

  it('for sockets', async () => {
    const busy = await listenHere();
    const headers = { Host: new URL(busy.url).host, Cookie: 'x=1', Origin: 'null' };
    const knock = async () =>
      (await rawRequest(busy.url, { path: '/socket.io/?EIO=4&transport=polling', headers })).status;
    expect(await flood(knock)).toEqual(new Set([403]));
    const page = await rawRequest(busy.url, { headers: { Host: headers.Host } });
    expect(page.status).toBe(429);
    expect(JSON.parse(page.body)).toMatchObject({ code: 'busy' });
  });
});
