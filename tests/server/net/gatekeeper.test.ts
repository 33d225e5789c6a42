import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Gatekeeper, TOKEN_COOKIE } from '../../../server/net/gatekeeper.ts';

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
    expect(statusOf('/', `${TOKEN_COOKIE}=${token}`)).toBe(200);
    expect(statusOf('/', `theme=dark; ${TOKEN_COOKIE}=${token}; x=1`)).toBe(200);
  });

  it.each([
    ['none', '/', undefined],
    ['an empty one', '/?token=', undefined],
    ['another', '/?token=guess', undefined],
    ['one cut short', `/?token=${token.slice(0, -1)}`, undefined],
    ['one too long', `/?token=${token}x`, undefined],
    ['one under another name', `/?tokens=${token}`, undefined],
    ['one in the fragment', `/#token=${token}`, undefined],
    ['another cookie', '/', `${TOKEN_COOKIE}=guess`],
    ['a cookie of another name', '/', `x${TOKEN_COOKIE}=${token}`],
    ['an empty cookie', '/', `${TOKEN_COOKIE}=`],
  ])('keeps out %s', (_, url, cookie) => {
    expect(statusOf(url, cookie)).toBe(401);
  });

  it('keeps out a foreign Host or page that has the token', () => {
    const url = `/?token=${token}`;
    const cookie = `${TOKEN_COOKIE}=${token}`;
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
