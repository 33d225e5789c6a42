import { describe, expect, it } from 'vitest';
import { coach } from '../../../../client/features/record/coach.ts';

const ball = [0.68, 0, 0.03] as const;
const start = {
  tcp: [0.34, 0, 0.14] as const,
  ball,
  opening: 0.08,
  closing: false,
  obstacleX: 0.48,
  success: false,
  spoiled: false,
};

describe('the coach', () => {
  it('leads from the start to the end', () => {
    expect(coach(start)).toBe('around');
    expect(coach({ ...start, tcp: [0.6, 0.2, 0.12] })).toBe('above');
    expect(coach({ ...start, tcp: [0.68, 0.005, 0.12] })).toBe('lower');
    const grasping = { ...start, tcp: [0.68, 0, 0.032] as const };
    expect(coach(grasping)).toBe('close');
    expect(coach({ ...grasping, closing: true, opening: 0.07 })).toBe('close');
    expect(coach({ ...grasping, closing: true, opening: 0.06 })).toBe('lift');
    expect(coach({ ...start, success: true })).toBe('done');
  });

  it('says so when nothing can be won any more', () => {
    expect(coach({ ...start, spoiled: true })).toBe('spoiled');
  });
});
