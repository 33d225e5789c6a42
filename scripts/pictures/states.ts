import type { PictureState, Step } from './state.ts';

/** The dataset of a filled data directory. */
export const DATASET = 'pairs';
/** And the experiment there, beside one that is damaged. */
export const EXPERIMENT_NAME = 'sweep';

/** Standing still at a control step. */
const at = (step: number) => `t=${step}&paused`;
const STOPPED: Step = { see: '[data-testid=transport-live][aria-pressed=false]' };
/** It has come there: s. */
const stands = (seconds: number): readonly Step[] => [STOPPED, { clock: seconds }];
/** Playing, on a picture of a second of the episode. */
const playing = (seconds: number) => ({ steps: [{ clock: seconds }], heldAt: seconds });
const see = (testid: string): Step => ({ see: `[data-testid=${testid}]` });
const PLANNED: Step = { see: '.futures-legend span' };
/** The last of three views, whose first plans come one after the other. */
const ALL_PLANNED: Step = { see: '[data-testid=lane-3] .futures-legend span' };
const SCRUBS: Step = { see: '[data-testid=denoise-scrub]:not(:disabled)' };
/** What both of them draw plans out of has come. */
const BOTH_SCRUB: readonly Step[] = [SCRUBS, see('denoise-2-at'), see('denoise-3-at')];

const WATCHING: readonly PictureState[] = [
  { name: 'first-second', path: '', ...playing(0.3) },
  { name: 'two-seconds', path: '', ...playing(2), again: true },
  { name: 'five-seconds', path: '', ...playing(4.8), again: true },
  { name: 'fork-held', path: `#${at(34)}`, steps: stands(1.7) },
  { name: 'alone-on-stage', path: `#side=closed&${at(20)}`, steps: stands(1), again: true },
  { name: 'one-view', path: `#view=2&${at(30)}`, steps: stands(1.5), again: true },
  { name: 'from-above', path: `#camera=top&${at(30)}`, steps: stands(1.5), again: true },
  { name: 'timeline', path: `#side=closed&${at(90)}`, steps: stands(4.5), again: true },
  {
    name: 'curves',
    path: `#side=closed&curves=2&${at(60)}`,
    steps: [...stands(3), { see: '[data-testid=curves] polyline' }],
  },
  {
    name: 'chooser',
    path: `#${at(6)}`,
    steps: [...stands(0.3), { click: 'lane-2-choose' }, see('lane-2-chooser')],
  },
  {
    name: 'share',
    path: `#side=closed&${at(20)}`,
    steps: [...stands(1), { press: 's' }, see('share')],
  },
  {
    name: 'keys',
    path: `#${at(6)}`,
    steps: [...stands(0.3), { click: 'help' }, see('to-glossary')],
  },
  {
    name: 'word',
    path: `#${at(6)}`,
    steps: [...stands(0.3), { term: 'mode' }, see('term-note')],
  },
  { name: 'outside', path: '#ball=0.62,-0.1', steps: [see('lane-3-outside')] },
  { name: 'strange-link', path: '#seed=-1&colour=red', steps: [see('link-notes')] },
  { name: 'embedded', path: `?embed#${at(20)}`, steps: stands(1) },
  { name: 'poster', path: '', steps: [see('poster-play')], still: true },
];

const NOISE = '#side=denoise&denoise=2&t=0&paused';
const scrubbedTo = (...keys: readonly Step[]): readonly Step[] => [
  ...BOTH_SCRUB,
  { focus: 'denoise-scrub' },
  ...keys,
];
/** The plan of the noise so far to one side. */
const turnedTo = (key: string): readonly Step[] => [
  ...scrubbedTo({ press: 'End' }),
  { see: '[data-testid=noise-flip]:not(:disabled)' },
  { focus: 'noise-pad-field' },
  { press: 'Home' },
  { press: `Shift+${key}`, times: 3 },
  { see: '[data-testid=noise-mode]:not([data-mode=""])' },
];

const NOISING: readonly PictureState[] = [
  { name: 'denoise-begins', path: NOISE, steps: scrubbedTo({ press: 'Home' }) },
  {
    name: 'denoise-midway',
    path: NOISE,
    steps: scrubbedTo({ press: 'Home' }, { press: 'ArrowRight', times: 5 }),
    again: true,
  },
  { name: 'denoise-ends', path: NOISE, steps: scrubbedTo({ press: 'End' }), again: true },
  { name: 'noise-one-side', path: NOISE, steps: turnedTo('ArrowLeft'), again: true },
  { name: 'noise-other-side', path: NOISE, steps: turnedTo('ArrowRight'), again: true },
];

const WORKING: readonly PictureState[] = [
  {
    name: 'demonstration',
    path: '#tab=demos',
    steps: [
      { click: `dataset-${DATASET}-open` },
      { see: '[data-testid=path-map] canvas' },
      { click: 'episode-0-play' },
      see('episode-curves'),
    ],
  },
  {
    name: 'recording',
    path: '#tab=record',
    steps: [see('record-start'), { hold: 'ArrowLeft', until: 'record-steps', grows: 12 }],
    again: true,
  },
  {
    name: 'recorded',
    path: '#tab=record',
    steps: [
      see('record-start'),
      { hold: 'PageUp', until: 'record-steps', grows: 8 },
      { press: 'Enter' },
      see('record-save'),
    ],
  },
  { name: 'gamepad', path: '#tab=record', steps: [see('gamepad')], browser: 'gamepad' },
  {
    name: 'takeover',
    path: '',
    steps: [
      { clock: 1 },
      { click: 'lane-2-take-over' },
      see('takeover-buttons'),
      { hold: 'PageUp', until: 'record-steps', grows: 8 },
    ],
  },
  {
    name: 'compared',
    // What plays meanwhile would take its time.
    path: `#tab=compare&${at(30)}`,
    steps: [
      ...stands(1.5),
      { fill: 'compare-rollouts', with: '6' },
      { click: 'compare-start' },
      see('comparison-settings'),
    ],
  },
];

const EXPERIMENT = `/experiments/#name=${EXPERIMENT_NAME}&contender=2`;

const EXPERIMENTS: readonly PictureState[] = [
  {
    name: 'perturbations',
    path: `#tab=compare&${at(30)}`,
    steps: [...stands(1.5), { click: 'perturb-add' }, { click: 'perturb-0-also' }],
  },
  {
    name: 'experiments',
    path: '/experiments/#lang=en',
    steps: [see(`experiment-${EXPERIMENT_NAME}`), see('experiments-damaged')],
  },
  { name: 'experiment', path: `${EXPERIMENT}&lang=en`, steps: [see('rollouts-counts')] },
  {
    name: 'experiment-renamed',
    path: `${EXPERIMENT}&lang=en`,
    steps: [see('rollouts-counts'), { click: 'experiment-rename' }, see('experiment-name')],
  },
  {
    name: 'experiment-中文',
    path: `${EXPERIMENT}&lang=zh`,
    steps: [see('rollouts-counts')],
    again: true,
  },
  {
    name: 'phone-experiment',
    path: `${EXPERIMENT}&lang=en`,
    steps: [see('rollouts-counts')],
    screen: 'phone',
  },
  {
    name: 'empty-experiments',
    path: '/experiments/#lang=en',
    steps: [see('experiments-empty')],
    place: 'empty',
    again: true,
  },
];

const TASKS = ['left-right', 'three-ways', 'left-right-colour'] as const;
const WORK = ['demos', 'train', 'compare', 'record'] as const;
const EXPLANATIONS = ['why', 'denoise', 'latency', 'state'] as const;

/** Each panel in each task. */
const PANELS: readonly PictureState[] = TASKS.flatMap((task) => [
  ...WORK.map(
    (tab): PictureState => ({
      name: `${tab}-${task}`,
      // What plays beside a panel would take its time; the recorder stands in its place.
      path: `#task=${task}&tab=${tab}${tab === 'record' ? '' : `&${at(12)}`}`,
      steps: [see(`panel-${tab}`), tab === 'record' ? see('record-start') : ALL_PLANNED],
      // The told task has all the controls of the others, and its own.
      again: task !== 'left-right-colour',
    }),
  ),
  ...EXPLANATIONS.map(
    (side): PictureState => ({
      name: `${side}-${task}`,
      path: `#task=${task}&side=${side}&${at(side === 'denoise' ? 0 : 12)}`,
      steps: [see(`panel-${side}`), ALL_PLANNED, ...(side === 'denoise' ? BOTH_SCRUB : [])],
      again: task !== 'left-right-colour',
    }),
  ),
]);

const OTHER_SCREENS: readonly PictureState[] = [
  { name: 'phone', path: `#${at(30)}`, steps: stands(1.5), screen: 'phone' },
  {
    name: 'phone-all',
    path: `#${at(30)}`,
    steps: [...stands(1.5), { click: 'page-all' }, see('lane-3')],
    screen: 'phone',
  },
  { name: 'phone-why', path: `#view=2&side=why&${at(30)}`, steps: stands(1.5), screen: 'phone' },
  {
    name: 'phone-denoise',
    path: '#view=2&side=denoise&t=0&paused',
    steps: BOTH_SCRUB,
    screen: 'phone',
  },
  { name: 'phone-demos', path: '#tab=demos', steps: [see('panel-demos')], screen: 'phone' },
  { name: 'phone-record', path: '#tab=record', steps: [see('record-start')], screen: 'phone' },
  {
    name: 'phone-record-options',
    path: '#tab=record',
    steps: [{ click: 'record-options' }, see('record-count-down')],
    screen: 'phone',
  },
  {
    name: 'phone-told',
    path: '#task=left-right-colour',
    steps: [PLANNED],
    screen: 'phone',
  },
  {
    name: 'phone-中文',
    path: `#lang=zh&${at(30)}`,
    steps: stands(1.5),
    screen: 'phone',
    again: true,
  },
  { name: 'wide', path: `#tab=demos&side=why&${at(30)}`, steps: stands(1.5), screen: 'wide' },
  { name: 'small', path: `#side=why&${at(30)}`, steps: stands(1.5), screen: 'small', again: true },
  { name: 'narrow', path: `#${at(30)}`, steps: stands(1.5), screen: 'narrow', again: true },
  { name: '中文', path: `#lang=zh&${at(30)}`, steps: stands(1.5), again: true },
  {
    name: '中文-demos',
    path: `#lang=zh&tab=demos`,
    steps: [see('panel-demos'), PLANNED],
    again: true,
  },
];

const OTHER_PAGES: readonly PictureState[] = [
  { name: 'lesson', path: '/lesson/#lang=en', steps: [see('plane-diffusion')] },
  { name: 'pictures', path: '/pictures/#lang=en', steps: [see('picture-told')] },
  { name: 'pictures-中文', path: '/pictures/#lang=zh', steps: [see('picture-told')], again: true },
  {
    name: 'pictures-sides',
    path: '/pictures/#lang=en',
    steps: [see('picture-told'), { click: 'sides-draw' }, { see: '[data-testid=side].reflow' }],
  },
  { name: 'lesson-中文', path: '/lesson/#lang=zh', steps: [see('plane-diffusion')], again: true },
  { name: 'glossary', path: '/glossary/?lang=en', steps: [{ see: '#mode' }] },
  { name: 'glossary-中文', path: '/glossary/?lang=zh', steps: [{ see: '#mode' }], again: true },
];

const MISSING: readonly PictureState[] = [
  { name: 'empty', path: '', steps: [PLANNED], place: 'empty', again: true },
  { name: 'empty-train', path: '#tab=train', steps: [see('panel-train')], place: 'empty' },
  { name: 'empty-compare', path: '#tab=compare', steps: [see('panel-compare')], place: 'empty' },
  {
    name: 'refused',
    path: '#policies=run-that-is-gone,diffusion,flow',
    steps: [{ see: '.lane-refusal, .lane-problem, .stage-problem' }],
  },
  {
    name: 'no-webgl',
    path: '',
    steps: [see('stage-webgl')],
    browser: 'no WebGL',
  },
  // The last of all, as the server is needed until then.
  {
    name: 'disconnected',
    path: '',
    steps: [PLANNED, { end: 'server' }, { see: '[data-testid=banner][data-status=lost]' }],
    place: 'empty',
  },
];

/**
 * Every state of the page worth a picture, as data: `npm run pictures` draws them, and the audit of
 * accessibility visits them. A new state is one entry.
 */
export const STATES: readonly PictureState[] = [
  ...WATCHING,
  ...NOISING,
  ...WORKING,
  ...PANELS,
  ...OTHER_SCREENS,
  ...OTHER_PAGES,
  ...EXPERIMENTS,
  ...MISSING,
];
