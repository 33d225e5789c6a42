import { describe, expect, it } from 'vitest';
import { createClearance } from '../../../../client/features/watch/clearance.ts';

describe('what is written over the views', () => {
  it('is kept clear for the view that has most of it', () => {
    const clearance = createClearance();
    clearance.width.value = 1000;
    clearance.report('1', 'top', 120);
    clearance.report('2', 'top', 200);
    clearance.report('3', 'bottom', 64);
    expect(clearance.insets.value).toEqual({ top: 200, bottom: 64, left: 0 });
    clearance.report('2', 'top', 0);
    expect(clearance.insets.value).toEqual({ top: 120, bottom: 64, left: 0 });
  });

  it('stands beside what they show on a phone', () => {
    const clearance = createClearance();
    clearance.width.value = 374;
    clearance.report('1', 'top', 120);
    clearance.report('1', 'beside', 48);
    expect(clearance.beside.value).toBe(true);
    expect(clearance.insets.value).toEqual({ top: 0, bottom: 48, left: 187 });
    expect(clearance.withCaption.value).toEqual(clearance.insets.value);
  });

  it('leaves room for a caption over what is below, where it stands there', () => {
    const clearance = createClearance();
    clearance.width.value = 1000;
    expect(clearance.withCaption.value.bottom).toBe(0);
    clearance.report('1', 'bottom', 64);
    expect(clearance.insets.value.bottom).toBe(64);
    expect(clearance.withCaption.value.bottom).toBe(88);
  });

  it('does not move the picture for a few pixels', () => {
    const clearance = createClearance();
    clearance.width.value = 1000;
    const tops = [113, 115, 120].map((height) => {
      clearance.report('1', 'top', height);
      return clearance.insets.value.top;
    });
    expect(new Set(tops).size).toBe(1);
  });
});
