/** Texts of the latency panel. */
export const latencyEn = {
  title: 'Latency',
  intro: 'Time of each whole plan while you watch, against the control period.',
  calls: 'calls',
  plan: 'ms/plan',
  blocks: 'periods blocked',
  step: 'ms/step',
  late: 'late',
  lateOf: (late: number, all: number) => (all === 0 ? '–' : `${late} of ${all} late`),
  budget: (ms: string) => `control period ${ms} ms: the deadline of a plan`,
  lateNote: 'late: not ready within its control period',
  meanwhile:
    'Under the synchronous scheme a robot has no new action until its plan is ready: a late one blocks it for whole periods, and the arm stands still. This stage plans the same way: while a plan is made, simulated time stands still in all views. So a late plan costs time here, but no success.',
  amortised: (ta: number | null) =>
    `ms/step, amortised: the plan’s time over the ${ta === null ? 'Ta' : `Ta = ${ta}`} steps it is executed for. That says whether the processor keeps up on average, not whether the arm waits.`,
  chart: 'Milliseconds per plan, newest on the right, logarithmic; late plans ringed in red',
  empty: 'Waiting for the first plan…',
};
