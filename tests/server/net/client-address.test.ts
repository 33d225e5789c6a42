import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ClientAddresses } from '../../../server/net/client-address.ts';

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const message = new IncomingMessage(socket);
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded;
  return message;
}

const PROXY = '10.0.0.2';

describe('where a request comes from', () => {
  it.each<[string, string | null, string, string | undefined, string]>([
    ['nobody is trusted', null, PROXY, '192.0.2.1', PROXY],
    ['there is no proxy', '1', '192.0.2.1', undefined, '192.0.2.1'],
    ['one proxy is trusted', '1', PROXY, '192.0.2.1', '192.0.2.1'],
    ['the client wrote a header of its own', '1', PROXY, '198.51.100.7, 192.0.2.1', '192.0.2.1'],
    ['two proxies are trusted', '2', PROXY, '198.51.100.7, 192.0.2.1, 10.0.0.3', '192.0.2.1'],
    ['there are fewer than are trusted', '3', PROXY, '192.0.2.1', '192.0.2.1'],
    ['none is trusted by number', '0', PROXY, '192.0.2.1', PROXY],
    ['the proxy is known by address', PROXY, PROXY, '192.0.2.1', '192.0.2.1'],
    ['it is not that proxy', PROXY, '192.0.2.9', '192.0.2.1', '192.0.2.9'],
    ['it is known by subnet', '10.0.0.0/8', PROXY, '198.51.100.7,10.1.1.1', '198.51.100.7'],
    ['it is known by IPv6 subnet', 'fd00::/8', 'fd12::1', '2001:db8::5', '2001:db8::5'],
    ['one of several is it', 'fd00::/8, 10.0.0.2', PROXY, '192.0.2.1', '192.0.2.1'],
    ['it is connected by IPv4 in IPv6', PROXY, `::ffff:${PROXY}`, '192.0.2.1', '192.0.2.1'],
    ['the proxy writes ports', '1', PROXY, '192.0.2.1:51234', '192.0.2.1'],
    ['the proxy writes brackets', '1', PROXY, '[2001:db8::5]:51234', '2001:db8::5'],
    ['the header is no address', '1', PROXY, 'unknown', PROXY],
    ['the header is empty', '1', PROXY, '', PROXY],
  ])('where %s', (_, trust, remote, forwarded, expected) => {
    expect(new ClientAddresses(trust).of(requestFrom(remote, forwarded))).toBe(expected);
  });

  it.each([
    '',
    'lab.example',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '-1',
    '1.5',
    'fd00::/129',
    '10.0.0.2,',
  ])('trusting %j is refused with what would be understood', (trust) => {
    expect(() => new ClientAddresses(trust)).toThrow(/trust-proxy: expected a number of proxies/);
  });
});
