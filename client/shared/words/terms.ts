/** Words that the page explains where they stand, by the group in which the glossary lists them. */
export const TERM_GROUPS = {
  question: ['mode', 'averaging', 'between', 'firstPlan', 'entropy', 'success', 'contact'],
  plans: ['observation', 'plan', 'chunk', 'to', 'tp', 'ta', 'step', 'fan', 'latency'],
  methods: ['l2', 'lstm', 'diffusion', 'flow', 'reflow', 'noise', 'k', 'tau', 'schedule'],
  drawing: [
    'sampler',
    'calls',
    'ddpm',
    'ddim',
    'eta',
    'dpm',
    'euler',
    'heun',
    'renoise',
    'guidance',
  ],
  work: [
    ...(['demonstration', 'intervention', 'episode', 'rollout', 'start', 'seed'] as const),
    ...(['run', 'checkpoint', 'ema', 'interval', 'mcnemar'] as const),
  ],
} as const;

export type TermGroup = keyof typeof TERM_GROUPS;
export type TermId = (typeof TERM_GROUPS)[TermGroup][number];

export const GROUP_NAMES = Object.keys(TERM_GROUPS) as readonly TermGroup[];

/** What a word means. */
export interface Entry {
  readonly name: string;
  /** One sentence or two. */
  readonly about: string;
  readonly formula?: string;
  /** Where it comes from: what an arXiv number or a journal says. */
  readonly paper?: string;
}

export type Glossary = Readonly<Record<TermId, Entry>>;
