import type { Scheme } from '../../../server/protocol/chunking.ts';

/** Texts of the latency panel. */
export const latencyEn = {
  title: 'Latency',
  intro: 'Time of each plan of the episode, where it was asked for, against the control period.',
  now: (plan: string, step: string) => `${plan} ms · ${step} ms/step`,
  bar: (step: number, ms: string) => `control step ${step}: ${ms} ms`,
  bars: (plans: number, late: number, longest: string, period: string, waited: number) =>
    `${plans} plans in this episode, ${late} late; the longest took ${longest} ms of a period of ${period} ms. The arm waited ${waited} control steps.`,
  lateOf: (late: number, all: number) => (all === 0 ? '–' : `${late} of ${all} late`),
  budget: (ms: string) => `deadline of a plan: a control period, ${ms} ms`,
  lateNote: 'late; taller than two periods is cut',
  waitsNote: 'control steps in which the arm waited',
  spread: 'ms a plan, with these policies and this scheme',
  first:
    'The first plan after a choice counts, though it warms up; the command “latency” leaves three out.',
  worst: 'worst',
  csv: 'Each plan as CSV',
  whatIf: 'What if plans took longer?',
  delay: 'A plan takes',
  delayValue: (steps: number, seconds: string) =>
    steps === 0 ? 'no time' : `${steps} ${steps === 1 ? 'step' : 'steps'} = ${seconds} s`,
  scheme: 'Meanwhile the arm',
  schemes: {
    synchronous: { name: 'waits', does: '(synchronous)' },
    asynchronous: {
      name: 'goes on',
      does: 'with the last plan, then jumps to the new one (asynchronous)',
    },
    ensembling: { name: 'averages', does: 'all plans that speak of now (ensembling)' },
    'real-time': { name: 'goes on smoothly:', does: 'each plan continues the last (real-time)' },
  } satisfies Readonly<Record<Scheme, { name: string; does: string }>>,
  unable: (policy: string) =>
    `${policy} has one answer and cannot continue a plan: it goes on, then jumps (asynchronous).`,
  meanwhile:
    'Each plan is there at once: while it is made, simulated time stands still in all views. A late plan costs time here, but no success. A robot would stand still for whole periods.',
  counted:
    'A plan is there so many control steps after it was asked for, however long it takes here: while it is made, simulated time stands still. “compare --delays” counts what that does to success.',
  amortised: (ta: number | null) =>
    `ms/step, amortised: the plan’s time over the ${ta === null ? 'Ta' : `Ta = ${ta}`} steps it is executed for. That says whether the processor keeps up on average, not whether the arm waits.`,
};
