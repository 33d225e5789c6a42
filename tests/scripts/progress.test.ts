import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressInTurn, startProgress } from '../../scripts/progress.ts';

let printed: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    printed.push(String(line));
    return true;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  printed = [];
});

const pass = (seconds: number) => vi.advanceTimersByTime(1000 * seconds);

describe('progress where there is no terminal', () => {
  it('is a line for every tenth of the work, with what is left at the pace until then', () => {
    const progress = startProgress('flow', 100);
    for (let done = 0; done <= 100; done += 5) {
      progress.update(done, 'loss 1');
      pass(1);
    }
    expect(printed).toHaveLength(10);
    expect(printed[1]).toBe('flow 20/100 · 4 s, about 16 s left loss 1\n');
  });

  it('takes only its own work into account where it goes on with what was begun before', () => {
    const progress = startProgress('flow', 100);
    progress.update(80);
    pass(10);
    progress.update(90);
    expect(printed).toEqual(['flow 90/100 · 10 s, about 10 s left \n']);
  });

  it('has a pace of its own for each kind of work', () => {
    const progress = new ProgressInTurn();
    progress.show('pairs', 100, 0);
    pass(100);
    progress.show('pairs', 100, 100);
    progress.show('steps', 10, 0);
    pass(1);
    progress.show('steps', 10, 5);
    expect(printed.at(-1)).toBe('steps 5/10 · 1 s, about 1 s left \n');
  });
});
