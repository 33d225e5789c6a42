import { numberEn } from '../shared/texts/words.ts';

/** Texts of the frame around the rooms: title, tabs, keys, addresses. */
export const shellEn = {
  documentTitle: 'Forking Paths: imitation learning with several right answers',
  tagline: (answers: number) =>
    `One scene, ${numberEn(answers)} right ${answers === 1 ? 'answer' : 'answers'}`,
  skipToStage: 'Skip to the stage',
  help: 'Keyboard shortcuts',
  pictures: { link: 'Pictures', linkHint: 'Cats out of noise, told what to wear' },
  tabs: {
    left: 'Work',
    right: 'Explanations',
    demos: 'Demos',
    train: 'Train',
    compare: 'Compare',
    record: 'Record',
    why: 'Why',
    denoise: 'Noise',
    latency: 'Latency',
    state: 'State',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    watching: 'Watching',
    recording: 'Recording',
    playPause: 'play or pause',
    seek: 'back, forward 0.1 s',
    seekFar: 'back, forward 1 s',
    event: 'previous, next event',
    live: 'back to live',
    next: 'next episode',
    denoise: 'see the plan come out of noise',
    noise: 'same start, different noise',
    again: 'replay',
    focus: 'show one view alone',
    all: 'show all views',
    ghosts: 'show or hide the first plans',
    share: 'link to the moment, picture, clip',
    curves: 'curves of a view',
    tabs: 'Demos, Train, Compare, Record',
    help: 'this list',
    camera: 'camera: front, top, behind',
    takeOver: 'take over from the policy',
  },
  link: {
    title: 'Parts of this link were ignored',
    dismiss: 'Dismiss',
    /** @param stands what is in force instead; null where it counts as left out */
    ignored: (field: string, got: string, expected: string, stands: string | null) =>
      `${field}: expected ${expected}, got “${got}”; ${
        stands === null ? 'it was ignored' : `${stands} is used`
      }`,
    more: (n: number) => `and ${n} more`,
    expected: {
      whole: (low: number, high: number) => `a whole number from ${low} to ${high}`,
      oneOf: (values: string) => `one of ${values}`,
      field: (names: string) => `one of the fields ${names}`,
      once: 'a single value',
      views: (n: number) => `at most ${n} comma-separated parts, one a view`,
      acts: 'a policy for this view in the field “policies”',
      policy: 'a policy that ships, or the id of a run',
      sampler: (policy: string) => `a sampler of ${policy} with a valid number of network calls`,
      eta: 'η of DDIM from 0 to 1, for a view that draws with DDIM',
      guidance: (most: number) => `a scale of guidance from 0 to ${most}`,
      ended: (last: number) => `a control step of that episode, which has ended at ${last}`,
      bare: 'the field alone, without a value',
      told: 'a task with instructions',
      moment: 'a view from 1 to 3, “@” and the control step of a plan, like 2@34',
      noiseRoom: 'this only together with side=denoise',
      text: (most: number) => `at most ${most} characters`,
      places: (objects: number, x: string, y: string, apart: string) =>
        `x,y of ${objects === 1 ? 'the ball' : `${objects} balls`} in metres, x ${x}, y ${y}${
          objects === 1 ? '' : `, ${apart} m apart`
        }`,
    },
    shown: 'shown',
  },
};
