import type { MethodName, SamplerKind } from '../../../server/protocol/policies.ts';
import type { ModeLabel, ObjectName, TaskName } from '../../../sim/tasks/index.ts';

/** What a number field takes, and what it did not. */
interface NumberProblem {
  readonly min: number;
  readonly max: number;
  /** As typed; empty for nothing, null for what is no number at all. */
  readonly got: string | null;
  /** What acts all the same; null for a default. */
  readonly stands: number | null;
}

/** A text for each: where one is missing, the compiler says so here and in the other language. */
type TextFor<Key extends string> = Readonly<Record<Key, string>>;

const title: TextFor<TaskName> = {
  'left-right': 'Left or right',
  'left-right-colour': 'By instruction',
  'three-ways': 'Three ways',
};
const about: TextFor<TaskName> = {
  'left-right': 'One ball behind a post: two ways to it, both right',
  'left-right-colour': 'Two balls behind a post, and a sentence that says which one',
  'three-ways': 'One ball behind two posts: left of both, between them, or right of both',
};
const mode: TextFor<ModeLabel> = { left: 'left', middle: 'middle', right: 'right' };
const table: TextFor<ModeLabel> = { left: 'LEFT', middle: 'MIDDLE', right: 'RIGHT' };
const object: TextFor<ObjectName> = { ball: 'ball', red: 'red ball', green: 'green ball' };
const policy: TextFor<MethodName> = {
  l2: 'L2 regression',
  diffusion: 'Diffusion Policy',
  flow: 'Flow Matching',
  lstm: 'LSTM regression',
  reflow: 'Reflow',
};
const short: TextFor<MethodName> = {
  l2: 'L2',
  diffusion: 'Diffusion',
  flow: 'Flow',
  lstm: 'LSTM',
  reflow: 'Reflow',
};
const sampler: TextFor<SamplerKind> = {
  direct: 'direct',
  ddim: 'DDIM',
  ddpm: 'DDPM',
  'dpm-solver++': 'DPM-Solver++',
  euler: 'Euler',
  heun: 'Heun',
  renoise: 'renoising',
  'one-step': 'one step',
};
const task = {
  label: 'Task',
  /** Before its title. */
  line: 'Task: ',
  title,
  about,
};
const titles: TextFor<string> = title;

/** Texts that several rooms of the page use. */
export const sharedEn = {
  language: 'Language',
  /** Links between the pages. */
  pages: {
    lesson: 'Lesson',
    lessonHint: 'Diffusion and flow, trained live in the plane',
    stage: 'The robot',
  },
  /** Of noise and data, on the pages that show one becoming the other. */
  noising: {
    data: 'data',
    noise: 'noise',
    levelsAxis: '→ more noise',
    diffusionStep: 'Diffusion step',
    playSteps: 'Play all k',
    holdSteps: 'Hold',
    signalToNoise: 'Signal to noise',
    otherNoise: 'New noise',
    sampler: 'Sampler',
    playSampling: 'Play the way from noise to data',
    pauseSampling: 'Pause the way from noise to data',
    progress: 'How far from noise to data',
  },
  close: 'Close',
  cancel: 'Cancel',
  undo: 'Undo',
  retry: 'Try again',
  loading: 'Loading…',
  /** Where a part of the page could not be fetched. */
  unopened: (cause: string) =>
    `This part of the page could not be loaded. Reload the page: its address keeps what is shown.\n${cause}`,
  reload: 'Reload the page',
  number: {
    problem: ({ min, max, got, stands }: NumberProblem) =>
      `expected a whole number from ${min} to ${max}, got ${
        got === null ? 'something else' : got === '' ? 'nothing' : `“${got}”`
      }; ${stands === null ? 'the default' : stands} stays`,
  },
  connection: {
    connecting: 'Connecting to the server…',
    online: 'Connected',
    lost: 'Connection lost. Reconnecting…',
    back: 'Reconnected: the stage continues.',
    offline: 'Not connected to the server.',
    timeout: 'The server has not answered in time.',
    serverless: 'This page has no server: run the program itself for this (npm ci, npm start).',
    engine: (name: string) => `Engine: ${name}`,
  },
  policy,
  short,
  sampler,
  /** Modes of all tasks by their label; `table`: as they are written on the table. */
  mode,
  table,
  task,
  object,
  panel: {
    taskTitle: (task: string) => titles[task] ?? task,
    toTask: (title: string) => `Show “${title}” on the stage`,
    otherTasks: (n: number) => `Other tasks (${n})`,
    nameRule: (kept: string) =>
      `Expected 1 to 64 of a–z, 0–9, “-” and “_”, the first a letter or digit. “${kept}” stays.`,
  },
  sampling: {
    ta: 'Action horizon Ta',
    taValue: (steps: number, seconds: string) => `${steps} steps · ${seconds} s`,
    nfe: (policy: string) => `Network calls: ${policy}`,
    eta: 'Fresh noise at each step, η',
    reset: 'Defaults',
  },
  job: {
    queued: 'waiting',
    left: (time: string) => `${time} left`,
    estimating: 'estimating…',
    ended: (title: string) => `${title}: stopped early`,
    generate: 'Generating demonstrations',
    train: 'Training',
    compare: 'Comparing',
  },
};
