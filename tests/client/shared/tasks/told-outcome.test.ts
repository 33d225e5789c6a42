import { describe, expect, it } from 'vitest';
import { outcomeText, toldOutcome } from '../../../../client/shared/tasks/told-outcome.ts';
import { NO_MODE } from '../../../../server/protocol/frames.ts';

const RED = 0;
const GREEN = 1;
const MODES = { left: 0, right: 1, none: NO_MODE };
const judge = (instruction: string, lifted: number, mode: keyof typeof MODES) =>
  toldOutcome('left-right-colour', instruction, { lifted, mode: MODES[mode] });

describe('what a hand holds up', () => {
  it.each([
    ['hand me the red apple', RED, 'left', 'yes'],
    ['hand me the red apple', GREEN, 'left', 'wrong object'],
    ['take the green one from the left', GREEN, 'left', 'yes'],
    ['take the green one from the left', GREEN, 'right', 'wrong side'],
    ['take the green one from the left', RED, 'right', 'wrong object'],
    ['grab a ball from the right', RED, 'right', 'yes'],
    ['grab a ball from the right', RED, 'left', 'wrong side'],
    ['', GREEN, 'right', null],
    ['hand me the apricot', GREEN, 'right', null],
  ] as const)('"%s": ball %d past the %s is judged %j', (instruction, lifted, mode, obeyed) => {
    expect(judge(instruction, lifted, mode)?.obeyed).toBe(obeyed);
  });

  it('is nothing while nothing is held up', () => {
    expect(judge('hand me the red apple', -1, 'left')).toBeNull();
  });

  it('is said with its side and whether it was told so', () => {
    const text = (...of: Parameters<typeof judge>) => {
      const outcome = judge(...of);
      return outcome && outcomeText(outcome);
    };
    expect(text('', GREEN, 'left')).toBe('green ball, left');
    expect(text('take the green one', GREEN, 'left')).toBe('green ball, left: as told');
    expect(text('take the red one', GREEN, 'none')).toBe('green ball: not this one');
  });
});
