/** What a number field takes, and what it did not. */
interface NumberProblem {
  readonly min: number;
  readonly max: number;
  /** As typed; empty for nothing, null for what is no number at all. */
  readonly got: string | null;
  /** What acts all the same; null for a default. */
  readonly stands: number | null;
}

/** Texts of the controls: number fields, addresses, playback, keys, lost pictures. */
export const controlsEn = {
  number: {
    problem: ({ min, max, got, stands }: NumberProblem) =>
      `expected a whole number from ${min} to ${max}, got ${
        got === null ? 'something else' : got === '' ? 'nothing' : `“${got}”`
      }; ${stands === null ? 'the default' : stands} stays in force`,
  },
  link: {
    title: 'Parts of this link were ignored',
    dismiss: 'Dismiss',
    /** @param stands what is in force instead; null where it counts as left out */
    ignored: (field: string, got: string, expected: string, stands: string | null) =>
      `${field}: expected ${expected}, got “${got}”; ${
        stands === null ? 'it counts as left out' : `${stands} stands`
      }`,
    more: (n: number) => `and ${n} more`,
    expected: {
      whole: (low: number, high: number) => `a whole number from ${low} to ${high}`,
      oneOf: (values: string) => `one of ${values}`,
      field: (names: string) => `one of the fields ${names}`,
      once: 'to be said once',
      views: (n: number) => `at most ${n} parts between commas, one a view`,
      acts: 'a policy for this view in the field “policies”',
      policy: 'a policy that ships, or the id of a run',
      sampler: (policy: string) =>
        `a sampler of ${policy} and a number of network calls it can make`,
      eta: 'η of DDIM from 0 to 1, for a view that draws with DDIM',
      guidance: (most: number) => `a scale of guidance from 0 to ${most}`,
      told: 'a task in which one can say something',
      text: (most: number) => `at most ${most} characters`,
      places: (objects: number, x: string, y: string, apart: string) =>
        `x,y of ${objects === 1 ? 'the ball' : `${objects} balls`} in metres, x ${x}, y ${y}${
          objects === 1 ? '' : `, ${apart} m apart`
        }`,
    },
    shown: 'shown',
  },
  playback: {
    nowLive: 'What is shown happens now',
    at: (time: string, reached: string) => `${time} s of ${reached} s`,
    sliderEnds: 'on the time bar: start, newest moment',
  },
  picture: {
    lost: 'The browser has taken the picture’s graphics memory away.',
    waits:
      'The views are drawn again as soon as it gives it back. Nothing else is lost: the stage and what you record go on.',
    reload: 'If they stay dark, reload the page.',
  },
};
