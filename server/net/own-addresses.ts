import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** What a machine calls itself. */
export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'] as const;

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether to listen there is to listen on every address of this machine, in whatever spelling. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '[::]'].includes(canonical(bracketed(host)));
}

/**
 * Whether a name is the address of one of this machine's interfaces, as they are now: they change
 * with networks and cables. Only literals: a name of any site may point at such an address.
 *
 * @param name as in a Host header without its port, IPv6 in brackets
 */
export function isOwnAddress(name: string): boolean {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0) return false;
  const sought = canonical(bracketed(address));
  return interfaceAddresses().some((own) => canonical(bracketed(own)) === sought);
}

/**
 * Names by which a server that listens there is reached, this machine's own view first.
 *
 * @param host where it listens
 */
export function reachableNames(host: string): string[] {
  if (!isWildcard(host)) return [bracketed(host)];
  const { loopback, reached } =
    isIP(host) === 6
      ? { loopback: 'localhost', reached: /[.:]/ }
      : { loopback: '127.0.0.1', reached: /^[\d.]+$/ };
  const others = interfaceAddresses().filter(
    // Link-local addresses need a zone, which no browser takes.
    (address) => reached.test(address) && !isLoopback(address) && !/^fe[89ab]/i.test(address),
  );
  return [loopback, ...others.map(bracketed)];
}

/** An address as it stands in a URL. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).map(({ address }) => address),
  );
}

/** One spelling of those there are of an address. */
function canonical(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}
