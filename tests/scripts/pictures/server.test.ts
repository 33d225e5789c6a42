import { describe, expect, it } from 'vitest';
import { Servers } from '../../../scripts/pictures/server.ts';

describe('the servers that pictures are taken of', () => {
  /** Named by the order in which they were started. */
  function counted() {
    const ended: string[] = [];
    let started = 0;
    const servers = new Servers(async (place) => {
      const url = `${place} ${++started}`;
      return { url, end: async () => void ended.push(url) };
    });
    return { servers, ended };
  }

  it('are one for each place', async () => {
    const { servers } = counted();
    const asked = [servers.at('filled'), servers.at('empty'), servers.at('filled')];
    expect((await Promise.all(asked)).map(({ url }) => url)).toEqual([
      'filled 1',
      'empty 2',
      'filled 1',
    ]);
  });

  it('are started anew where a state of the page has ended one', async () => {
    const { servers, ended } = counted();
    await (await servers.at('empty')).end();
    expect((await servers.at('empty')).url).toBe('empty 2');
    await servers.end();
    expect(ended).toEqual(['empty 1', 'empty 2']);
  });
});
