import { describe, expect, it } from 'vitest';
import {
  NOTHING_UNREAD,
  type Unread,
  unreadLines,
} from '../../../../client/features/explain/unread.ts';
import { DICTIONARIES } from '../../../support/dictionaries.ts';

const unread: Unread = {
  damaged: [
    { kind: 'dataset', name: 'demos', message: 'meta/info.json: expected JSON' },
    { kind: 'run', name: 'flow-1', message: 'run.json: got none' },
  ],
  omitted: { runs: 12, datasets: 0, jobs: 0, comparisons: 3 },
};

describe.each(['en', 'zh'] as const)('what the page does not list, in %s', (language) => {
  const { unread: text } = DICTIONARIES[language].state;

  it('is a line for each damaged entry, with its name and what is wrong, and for each list cut short', () => {
    const lines = unreadLines(unread, text);
    expect(lines).toHaveLength(4);
    for (const [i, { name, message }] of unread.damaged.entries()) {
      expect(lines[i]).toContain(name);
      expect(lines[i]).toContain(message);
    }
    expect(lines[2]).toContain('12');
    expect(lines[3]).toContain('3');
    expect(new Set(lines).size).toBe(4);
  });

  it('is nothing where everything was listed', () => {
    expect(unreadLines(NOTHING_UNREAD, text)).toEqual([]);
  });
});
