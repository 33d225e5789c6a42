import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { ProtocolError } from '../protocol/errors.ts';

/** Whether an address is one of our proxies'; `hop` is 0 for the peer of the connection. */
type IsProxy = (address: string, hop: number) => boolean;

/** Where requests come from, for limits that are each client's own. */
export class ClientAddresses {
  readonly #isProxy: IsProxy;

  /**
   * @param trustProxy number of proxies before this server, or their addresses and subnets
   *        ("10.0.0.2,fd00::/8"); null: `X-Forwarded-For` is ignored, as anyone can send it
   * @throws ProtocolError 'invalid-request' for anything else
   */
  constructor(trustProxy: string | null) {
    this.#isProxy = trustProxy === null ? () => false : proxies(trustProxy);
  }

  /** The client's: the last address that is none of our proxies', IPv4 without IPv6's prefix. */
  of({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    let address = plain(socket.remoteAddress ?? '');
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    for (let hop = 0; this.#isProxy(address, hop); hop++) {
      const next = plain(forwarded.pop() ?? '');
      // Where a proxy reports no address, its own is the last one known.
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  }

  /** Whether the peer of a connection is one of our proxies, which carries many clients. */
  isProxy(address: string): boolean {
    return this.#isProxy(plain(address), 0);
  }
}

function proxies(trustProxy: string): IsProxy {
  if (/^\d+$/.test(trustProxy)) {
    const hops = Number(trustProxy);
    return (_, hop) => hop < hops;
  }
  const list = new BlockList();
  for (const entry of trustProxy.split(',')) add(list, entry.trim());
  return (address) => isIP(address) !== 0 && list.check(address, family(address));
}

function add(list: BlockList, entry: string): void {
  const [address, prefix, ...rest] = entry.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (isIP(address) === 0 || rest.length > 0 || length < 0 || length > bits) {
    throw new ProtocolError(
      'invalid-request',
      'trust-proxy: expected a number of proxies (1), or addresses and subnets of proxies ' +
        `(10.0.0.2,fd00::/8), got ${JSON.stringify(entry.slice(0, 100))}`,
    );
  }
  list.addSubnet(address, length, family(address));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Without a port, brackets and the prefix of IPv4 in IPv6: proxies and sockets write them. */
function plain(address: string): string {
  return address
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '');
}
