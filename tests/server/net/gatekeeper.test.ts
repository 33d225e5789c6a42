import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Gatekeeper, tokenCookie } from '../../../server/net/gatekeeper.ts';

vi.mock('node:os', { spy: true });

function request(
  headers: Readonly<Record<string, string | undefined>>,
  url = '/',
): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.url = url;
  Object.assign(message.headers, headers);
  return message;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('on loopback', () => {
  const gatekeeper = new Gatekeeper({ host: '127.0.0.1' });
  const statusOf = (headers: Record<string, string | undefined>) =>
    gatekeeper.check(request(headers))?.status ?? 200;

  it('asks for no token', () => {
    expect(gatekeeper.token).toBeNull();
  });

  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:1'])(
    'lets in who calls it %s',
    (host) => {
      expect(statusOf({ host })).toBe(200);
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'evil.example:localhost',
    '127.0.0.1.evil.example:8080',
    '127.0.0.1.nip.io',
    'localhost@evil.example',
    'evil.example/localhost',
    '127.0.0.1:8080@evil.example',
    'localhost:8080:8080',
    'localhost.',
    '0.0.0.0:8080',
    '[::ffff:127.0.0.1]:8080',
    '192.168.0.7',
  ])('keeps out who calls it %j: a name of any site can point here', (host) => {
    expect(statusOf({ host })).toBe(403);
  });

  it.each(['http://localhost:8080', 'http://LOCALHOST:8080', 'https://localhost:8080'])(
    'lets in a page of %s',
    (origin) => {
      expect(statusOf({ host: 'localhost:8080', origin })).toBe(200);
    },
  );

  it.each([
    'null',
    '',
    'http://evil.example',
    'http://localhost',
    'http://localhost:9999',
    'http://127.0.0.1:8080',
    'http://localhost:8080.evil.example',
    'http://localhost:8080@evil.example',
    'file://localhost:8080',
    'chrome-extension://localhost:8080',
    'javascript:localhost:8080',
    'localhost:8080',
    'http://evil.example/http://localhost:8080',
  ])('keeps out a page of %j', (origin) => {
    expect(statusOf({ host: 'localhost:8080', origin })).toBe(403);
  });

  it('keeps out any Host that is none of its names', () => {
    const names = new Set(['localhost', '127.0.0.1', '[::1]']);
    fc.assert(
      fc.property(fc.oneof(fc.webAuthority(), fc.domain(), fc.ipV4(), fc.string()), (host) => {
        fc.pre(!names.has(host.toLowerCase().replace(/:\d+$/, '')));
        expect(statusOf({ host })).toBe(403);
      }),
    );
  });

  it('says what it expected, what it got and what to do', () => {
    expect(gatekeeper.check(request({ host: 'robot.lab' }))?.message).toMatch(
      /expected one of localhost.*got "robot\.lab".*--allowed-host/,
    );
  });
});

it('listening on another loopback address it may be called by that too', () => {
  const gatekeeper = new Gatekeeper({ host: '127.0.0.2' });
  expect(gatekeeper.check(request({ host: '127.0.0.2:8080' }))).toBeNull();
  expect(gatekeeper.check(request({ host: 'localhost:8080' }))).toBeNull();
  expect(gatekeeper.check(request({ host: '127.0.0.3:8080' }))?.status).toBe(403);
});

describe('with further names', () => {
  it('lets in who calls it by them, whatever their case', () => {
    const gatekeeper = new Gatekeeper({ host: '127.0.0.1', allowedHosts: ['Robot.Lab'] });
    expect(gatekeeper.check(request({ host: 'robot.lab:8080' }))).toBeNull();
    expect(gatekeeper.check(request({ host: 'sub.robot.lab:8080' }))?.status).toBe(403);
  });
});

describe('on an address that others can reach', () => {
  const gatekeeper = new Gatekeeper({ host: '192.168.0.7' });
  const host = '192.168.0.7:8080';
  const cookieName = tokenCookie(host);
  const token = gatekeeper.token ?? '';
  const statusOf = (url: string, cookie?: string) =>
    gatekeeper.check(request({ host, cookie }, url))?.status ?? 200;

  it('asks for a token that nobody guesses, another at each start', () => {
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(new Gatekeeper({ host: '192.168.0.7' }).token).not.toBe(token);
  });

  it('lets it in by the address or by the cookie', () => {
    expect(statusOf(`/?token=${token}`)).toBe(200);
    expect(statusOf(`/deep/path?a=1&token=${token}`)).toBe(200);
    expect(statusOf('/', `${cookieName}=${token}`)).toBe(200);
    expect(statusOf('/', `theme=dark; ${cookieName}=${token}; x=1`)).toBe(200);
  });

  it.each([
    ['none', '/', undefined],
    ['an empty one', '/?token=', undefined],
    ['another', '/?token=guess', undefined],
    ['one cut short', `/?token=${token.slice(0, -1)}`, undefined],
    ['one too long', `/?token=${token}x`, undefined],
    ['one under another name', `/?tokens=${token}`, undefined],
    ['one in the fragment', `/#token=${token}`, undefined],
    ['another cookie', '/', `${cookieName}=guess`],
    ['a cookie of another name', '/', `x${cookieName}=${token}`],
    ['an empty cookie', '/', `${cookieName}=`],
  ])('keeps out %s', (_, url, cookie) => {
    expect(statusOf(url, cookie)).toBe(401);
  });

  it('keeps out a foreign Host or page that has the token', () => {
    const url = `/?token=${token}`;
    const cookie = `${cookieName}=${token}`;
    expect(gatekeeper.check(request({ host: 'evil.example' }, url))?.status).toBe(403);
    expect(gatekeeper.check(request({ host, cookie, origin: 'http://evil.example' }))?.status).toBe(
      403,
    );
  });

  it('never says the token', () => {
    const refusal = gatekeeper.check(request({ host }, '/?token=guess'));
    expect(JSON.stringify(refusal)).not.toContain(token);
  });

  it('draws a token where the one in the environment is empty', () => {
    vi.stubEnv('FORKING_PATHS_TOKEN', '');
    const own = new Gatekeeper({ host: '192.168.0.7' });
    expect(own.token).toMatch(/^[\w-]{32}$/);
    expect(own.check(request({ host }, '/?token='))?.status).toBe(401);
  });

  it('refuses a token that can be guessed, and says what to do', () => {
    vi.stubEnv('FORKING_PATHS_TOKEN', 'x'.repeat(15));
    expect(() => new Gatekeeper({ host: '192.168.0.7' })).toThrow(
      /expected at least 16 characters, got 15; choose a longer one/,
    );
    expect(new Gatekeeper({ host: '127.0.0.1' }).token).toBeNull();
  });

  it('takes the token it is given in the environment', () => {
    vi.stubEnv('FORKING_PATHS_TOKEN', 'a-token-of-somebodys-choice');
    expect(new Gatekeeper({ host: '192.168.0.7' }).token).toBe('a-token-of-somebodys-choice');
    expect(new Gatekeeper({ host: '127.0.0.1' }).token).toBeNull();
  });
});

it.each(['0.0.0.0', '::', '192.168.0.7', 'fe80::1', 'robot.lab', '128.0.0.1'])(
  'listening on %s is not loopback: a token is needed',
  (host) => {
    expect(new Gatekeeper({ host }).token).not.toBeNull();
  },
);

it('an IPv6 address is called by its brackets', () => {
  const gatekeeper = new Gatekeeper({ host: 'fe80::1' });
  const url = `/?token=${gatekeeper.token}`;
  expect(gatekeeper.check(request({ host: '[fe80::1]:8080' }, url))).toBeNull();
});

describe('listening on every address of the machine', () => {
  const gatekeeper = new Gatekeeper({ host: '0.0.0.0', allowedHosts: ['robot.lab'] });
  const statusOf = (host: string) =>
    gatekeeper.check(request({ host }, `/?token=${gatekeeper.token}`))?.status ?? 200;
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);

  it.each([
    'localhost:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    '0.0.0.0:8080',
    'robot.lab',
    ...own.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : `${address}:8080`)),
  ])('lets in who calls it %s', (host) => {
    expect(statusOf(host)).toBe(200);
  });

  it.each([
    'evil.example:8080',
    '127.0.0.1.nip.io',
    '192.0.2.1:8080',
    '[2001:db8::1]:8080',
    '2001:db8::1',
    '[]',
    'localhost.',
    '1',
  ])('keeps out who calls it %j: no address of this machine', (host) => {
    expect(statusOf(host)).toBe(403);
  });

  it('takes an interface that comes later, and one that goes no longer', () => {
    const interfaces = vi.mocked(networkInterfaces);
    const present = { ...own[0], address: '192.0.2.1', family: 'IPv4' as const };
    interfaces.mockReturnValueOnce({ wlan0: [present] } as ReturnType<typeof networkInterfaces>);
    expect(statusOf('192.0.2.1:8080')).toBe(200);
    expect(statusOf('192.0.2.1:8080')).toBe(403);
  });

  it.each(['::', '0', '::0', '0:0:0:0:0:0:0:0'])('is meant by %s too', (host) => {
    const other = new Gatekeeper({ host });
    const url = `/?token=${other.token}`;
    expect(other.check(request({ host: '127.0.0.1:8080' }, url))).toBeNull();
  });

  it('is not meant by one address', () => {
    const other = new Gatekeeper({ host: '192.0.2.1' });
    const url = `/?token=${other.token}`;
    expect(other.check(request({ host: 'localhost:8080' }, url))?.status).toBe(403);
  });
});

describe('behind a proxy that writes default ports', () => {
  const gatekeeper = new Gatekeeper({ host: '127.0.0.1', allowedHosts: ['lab.example'] });
  const statusOf = (host: string, origin: string) =>
    gatekeeper.check(request({ host, origin }))?.status ?? 200;

  it.each([
    ['lab.example:443', 'https://lab.example'],
    ['lab.example:80', 'http://lab.example'],
    ['lab.example', 'https://lab.example:443'],
    ['LAB.example:443', 'https://lab.EXAMPLE'],
  ])('%s is the host of %s', (host, origin) => {
    expect(statusOf(host, origin)).toBe(200);
  });

  it.each([
    ['lab.example:80', 'https://lab.example'],
    ['lab.example:443', 'http://lab.example'],
    ['lab.example:443', 'https://lab.example:8443'],
    ['lab.example:443', 'https://evil.example'],
  ])('%s is not the host of %s', (host, origin) => {
    expect(statusOf(host, origin)).toBe(403);
  });
});

describe('a page that shows this one within it', () => {
  const host = '127.0.0.1:8080';
  const framed = {
    host,
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'iframe',
  };
  const open = new Gatekeeper({ host: '127.0.0.1', embedders: ['https://blog.example'] });
  const get = (headers: Record<string, string>) =>
    Object.assign(request(headers), { method: 'GET' });

  it('is let in where embedding is allowed, and nowhere else', () => {
    expect(open.check(get(framed))).toBeNull();
    expect(new Gatekeeper({ host: '127.0.0.1' }).check(get(framed))?.status).toBe(403);
  });

  it('gets the page alone: no image of it, no socket, nothing sent', () => {
    expect(open.check(get({ ...framed, 'sec-fetch-dest': 'image' }))?.status).toBe(403);
    expect(open.check(get(framed), 'socket')?.status).toBe(403);
    const foreign = { ...framed, origin: 'https://blog.example' };
    expect(open.check(get(foreign))?.status).toBe(403);
  });

  it.each(['https://blog.example/', 'blog.example', 'ftp://blog.example', '*', "'self'", ''])(
    'is named by its origin: %j is none',
    (embedder) => {
      expect(() => new Gatekeeper({ host: '127.0.0.1', embedders: [embedder] })).toThrow(
        /expected the origin of a page/,
      );
    },
  );
});

describe('what a browser says of who asks', () => {
  const gatekeeper = new Gatekeeper({ host: '127.0.0.1' });
  const host = '127.0.0.1:8080';
  const image = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
  const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const check = (
    headers: Record<string, string>,
    purpose: 'page' | 'socket' = 'page',
    method = 'GET',
  ) => {
    const message = request({ host, ...headers });
    message.method = method;
    return gatekeeper.check(message, purpose)?.status ?? 200;
  };

  it.each(['cross-site', 'same-site', 'nonsense'])(
    'keeps out what a page of another origin embeds (%s)',
    (site) => {
      expect(check({ 'sec-fetch-site': site, ...image })).toBe(403);
      expect(check({ 'sec-fetch-site': site, ...image }, 'socket')).toBe(403);
      expect(check({ 'sec-fetch-site': site })).toBe(403);
    },
  );

  it.each(['same-origin', 'none'])(
    'lets in its own page and who types the address (%s)',
    (site) => {
      expect(check({ 'sec-fetch-site': site, ...image })).toBe(200);
      expect(check({ 'sec-fetch-site': site }, 'socket')).toBe(200);
    },
  );

  it('opens the page for who follows a link of another site, and nothing else', () => {
    expect(check({ 'sec-fetch-site': 'cross-site', ...link })).toBe(200);
    expect(check({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(check({ 'sec-fetch-site': 'cross-site', ...link }, 'socket')).toBe(403);
    expect(check({ 'sec-fetch-site': 'cross-site', ...link }, 'page', 'POST')).toBe(403);
    const framed = { ...link, 'sec-fetch-dest': 'iframe' };
    expect(check({ 'sec-fetch-site': 'cross-site', ...framed })).toBe(403);
  });

  it('is outweighed by an origin of its own, which no page can forge', () => {
    const own = { origin: `http://${host}`, 'sec-fetch-mode': 'websocket' };
    expect(check({ ...own, 'sec-fetch-site': 'same-site' }, 'socket')).toBe(200);
  });
});

it('servers of one machine know their cookies apart, as cookies know no port', () => {
  const token = 'a-token-of-somebodys-choice';
  vi.stubEnv('FORKING_PATHS_TOKEN', token);
  const first = new Gatekeeper({ host: '192.168.0.7' });
  vi.stubEnv('FORKING_PATHS_TOKEN', 'a-token-of-somebody-elses');
  const second = new Gatekeeper({ host: '192.168.0.7' });
  const cookie = `${tokenCookie('192.168.0.7:8080')}=${first.token}; ${tokenCookie(
    '192.168.0.7:8081',
  )}=${second.token}`;
  expect(first.check(request({ host: '192.168.0.7:8080', cookie }))).toBeNull();
  expect(second.check(request({ host: '192.168.0.7:8081', cookie }))).toBeNull();
});

it('what is refused is said in a bounded text', () => {
  const gatekeeper = new Gatekeeper({ host: '127.0.0.1' });
  const long = 'x'.repeat(10_000);
  expect(gatekeeper.check(request({ host: long }))?.message.length).toBeLessThan(600);
  const refusal = gatekeeper.check(request({ host: 'localhost', origin: long }));
  expect(refusal?.message.length).toBeLessThan(600);
});
