import { describe, expect, it } from 'vitest';
import { parsePart, partFromEnvironment } from '../../../scripts/experiments/part.ts';

describe('the part of --shard', () => {
  it('is counted from 1', () => {
    expect(parsePart('1/4')).toMatchObject({ index: 1, count: 4 });
    expect(parsePart('4/4')).toMatchObject({ index: 4, count: 4 });
  });

  it.each(['0/4', '5/4', '1/0', '1', '/4', '-1/4', '1/4/2', '1.5/4', ''])(
    '%j is refused',
    (text) => {
      expect(() => parsePart(text)).toThrow('expected i/N with i from 1 to N');
    },
  );
});

describe('the part that the environment names', () => {
  const slurm = (id: number, min: number, count: number, step = 1) => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(min),
    SLURM_ARRAY_TASK_COUNT: String(count),
    SLURM_ARRAY_TASK_STEP: String(step),
  });

  it.each([
    ['--array=1-8', slurm(1, 1, 8), 1, 8],
    ['--array=1-8', slurm(8, 1, 8), 8, 8],
    ['--array=0-7', slurm(0, 0, 8), 1, 8],
    ['--array=0-14:2', slurm(14, 0, 8, 2), 8, 8],
  ])('is that of a Slurm array, %s', (_, variables, index, count) => {
    expect(partFromEnvironment(variables)).toMatchObject({ index, count });
  });

  it('is none where the ids of a Slurm array have gaps, and says so', () => {
    expect(() => partFromEnvironment(slurm(9, 1, 3))).toThrow('give the array an even range');
    expect(() => partFromEnvironment({ SLURM_ARRAY_TASK_ID: '1' })).toThrow(
      'SLURM_ARRAY_TASK_COUNT: expected a whole number, got none',
    );
  });

  it('is that of a pod of an indexed job, whose index begins at 0', () => {
    const variables = { JOB_COMPLETION_INDEX: '0' };
    expect(partFromEnvironment(variables, 3)).toMatchObject({ index: 1, count: 3 });
    expect(() => partFromEnvironment(variables)).toThrow('expected --shards N beside it');
    expect(() => partFromEnvironment({ JOB_COMPLETION_INDEX: '3' }, 3)).toThrow('expected 0 to 2');
  });

  it('is none without a scheduler', () => {
    expect(partFromEnvironment({})).toBeNull();
  });
});
