import { describe, expect, it } from 'vitest';
import { parseQueueAddress } from '../../../server/queue/address.ts';

/** What is said of an address that is refused. */
function refusal(text: string): string {
  try {
    parseQueueAddress(text);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('expected it to be refused');
}

describe('the address of a queue', () => {
  it.each([
    ['postgres://me:hidden@host:5432/db', 'postgres://me:***@host:5432/db'],
    ['postgresql://me@host/db', 'postgres://me@host/db'],
    ['postgres://host/db', 'postgres://host/db'],
    ['postgres://host/db?user=me&password=hidden', 'postgres://host/db'],
    ['postgres://me:hidden@[::1]:5432/db', 'postgres://me:***@[::1]:5432/db'],
  ])('%s is shown without its secrets', (text, shown) => {
    expect(parseQueueAddress(text)).toEqual({ connection: text, shown });
  });

  it.each([
    ['redis://me:hidden@host', 'got one that begins with redis://'],
    ['me:hidden@host/db', 'got no address'],
    ['postgres://me:hidden@host:99999/db', 'got one that is none'],
    [`postgres://me:hidden@host/${'x'.repeat(2000)}`, 'got 2026 characters'],
  ])('is refused, and its password not repeated: %#', (text, message) => {
    expect(refusal(text)).toContain(message);
    expect(refusal(text)).not.toContain('hidden');
  });
});
