import { describe, expect, it } from 'vitest';
import { type Film, filmAt, SAMPLING_FILM } from '../../../../client/shared/work/playhead.ts';

const placesOf = (film: Film, at: readonly number[]) => at.map((elapsed) => filmAt(film, elapsed));

describe('a film', () => {
  it('goes from noise to data and ends there', () => {
    expect(placesOf(SAMPLING_FILM, [0, 1300, 2600, 9999])).toEqual([0, 0.5, 1, 1]);
  });

  it('stays at its end a while and begins again', () => {
    const places = placesOf({ ...SAMPLING_FILM, stay: 1400 }, [0, 1300, 2600, 3999, 4000, 5300]);
    expect(places).toEqual([0, 0.5, 1, 1, 0, 0.5]);
  });

  it('shows steps one after the other, up to the last', () => {
    const places = placesOf({ milliseconds: 6000, end: 100, whole: true }, [0, 89, 91, 3000, 7000]);
    expect(places).toEqual([0, 1, 2, 50, 100]);
  });
});
