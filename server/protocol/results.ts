/** Results as `--json` prints them, as the server sends them and as runs keep them. */
import type { Scheme } from './chunking.ts';

/** k of n with the Wilson score interval, which counts what is shared by a start once. */
export interface Proportion {
  readonly k: number;
  readonly n: number;
  readonly rate: number;
  readonly ci95: readonly [low: number, high: number];
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Rollouts that ended because their policy had no plan, by the reason it gave; left out without any. */
export type Failures = Readonly<Record<string, number>>;

/** How long plans take, ms. */
export interface PlanTimes {
  /** One plan at batch 1. */
  readonly chunk: Percentiles;
  /** The same spread over the control steps it serves. */
  readonly perStep: Percentiles;
  /** The first call, apart: it is slower. */
  readonly firstCall: number;
  readonly n: number;
  /** Of `chunk`, what is spent on the way to a policy server and back; left out for policies here. */
  readonly wire?: Percentiles;
}

/** Over all control steps of all rollouts. Left out of comparisons that were kept before. */
export interface Peak {
  readonly mean: number;
  readonly max: number;
}

export interface PolicyResult {
  /**
   * Policies that share a letter are not told apart by their success; a is that of the best. Left out
   * where there is but one, and by earlier versions.
   */
  readonly letters?: string;
  readonly name: string;
  /** Id of the run, or null for a checkpoint that ships. */
  readonly run: string | null;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  /** Network evaluations a chunk; null where it is not known. */
  readonly nfe: number | null;
  /** Of DDIM; left out where it is 0. */
  readonly eta?: number;
  /** Scale of classifier-free guidance, w; left out where none was asked for. */
  readonly guidance?: number;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  readonly success: Proportion;
  readonly contact: Proportion;
  /** Successes by mode. */
  readonly modes: Readonly<Record<string, number>>;
  /** Entropy of the modes of all successes, in units of the modes' maximum. */
  readonly modeEntropy: number;
  readonly modeEntropyCi95: readonly [low: number, high: number];
  /**
   * Mean over starts of the entropy of the modes from that start, bias-corrected; starts without
   * a success count as 0. A policy that has one answer to one start scores 0, and every policy
   * where a start has one rollout.
   */
  readonly conditionalEntropy: number;
  /**
   * Of the modes of successes from those of the demonstrations, bits; null without a success,
   * where the demonstrations are not known, or for a mode that none of them showed.
   */
  readonly klToDemos: number | null;
  /** First plans that run into the obstacle between the modes. */
  readonly invalidMiddle: Proportion;
  /** First plans by what they do at the obstacle; `none` ends before it. */
  readonly firstPlans: Readonly<Record<string, number>>;
  /** Share of rollouts in which successive plans disagree about the mode. */
  readonly modeSwitchRate: number;
  /** Root mean square over joints of what successive plans disagree about at their seam, rad. */
  readonly seamJump: number;
  /** Mean number of control steps of the successes; null without one. */
  readonly stepsToSuccess: number | null;
  /**
   * Number of the plan, from 1, from which on all plans show the way that was taken: mean over the
   * rollouts that took one; null without one. Left out of comparisons that were kept before.
   */
  readonly plansToDecision?: number | null;
  /** Of the executed motion of the joints, their norm, a control step each, rad/s³; null where there was too little. */
  readonly jerk?: Peak | null;
  /** Change of the joints' velocity where another plan takes over, their norm, rad/s; null where none does. */
  readonly seamVelocity?: Peak | null;
  /** Null for a policy server that answered none of the plans that were to be timed. */
  readonly latencyMs: PlanTimes | null;
  readonly failures?: Failures;
  /** Left out where the same rollouts end the same whenever they are asked for. */
  readonly replayable?: false;
}

/**
 * What may be said of a against b: that its success rate is higher, or lower; that they differ by
 * less than δ; or that it is still open.
 */
export type Verdict = 'better' | 'worse' | 'same' | 'open';

/**
 * What two policies' rollouts of equal start and noise say, in a way that may be looked at after every
 * one of them. An e-value of 20 refutes at 5 %.
 */
export interface Judgement {
  readonly verdict: Verdict;
  /** Success rate of a less that of b, mean over the starts. */
  readonly difference: number;
  /** Against equal rates; and the same where other pairs were looked at beside it. */
  readonly eValue: number;
  readonly adjustedEValue: number;
  /** Against a difference of δ or more; left out where no δ was given. */
  readonly sameEValue?: number;
  readonly adjustedSameEValue?: number;
  /** Rollouts of each that it rests on, and the starts that they are from. */
  readonly pairs: number;
  readonly starts: number;
  /** How many more it takes about, at the rates there are; 0 once decided, null with no end in sight. */
  readonly morePairs: number | null;
}

/** What was rolled out, and by what. */
interface Rolled {
  readonly task: string;
  readonly seed: number;
  /** Of each policy; in a comparison at most, where they ended early. */
  readonly rollouts: number;
  readonly starts: number;
  readonly engine: string;
  /** Rollouts that advance together and share one network call. */
  readonly batch: number;
  readonly seconds: number;
}

export interface Comparison extends Rolled {
  /** Largest difference in success that counts as none, δ; left out where none was asked for. */
  readonly within?: number;
  /**
   * Where a policy ended once it was told apart from all others, or what was left would hardly do it: how many
   * rollouts that took, and saved.
   */
  readonly ended?: { readonly when: 'decided'; readonly taken: number; readonly saved: number };
  /** What all policies were told; left out where nothing was asked for. */
  readonly instruction?: string;
  readonly policies: readonly PolicyResult[];
  /** Every two policies, in the order of the policies. */
  readonly paired: readonly {
    readonly a: string;
    readonly b: string;
    /**
     * McNemar's exact test on their successes, clustered by start. It means what it says where the
     * number of rollouts was fixed before; where they ended early, `judged` alone does.
     */
    readonly mcnemarP: number;
    /** Left out by earlier versions. */
    readonly judged?: Judgement;
  }[];
  /** The smallest `mcnemarP` that so many starts allow, whatever the policies do. */
  readonly leastP: number;
  /** What perturbations do to the policies, the controls included; left out where there are none. */
  readonly robustness?: readonly RobustnessResult[];
}

/** What was asked of a sampler besides network calls: " eta=0.5 w=2", mostly nothing. */
export function besides({ eta, guidance }: Pick<PolicyResult, 'eta' | 'guidance'>): string {
  const noised = eta === undefined ? '' : ` eta=${eta}`;
  const guided = guidance === undefined ? '' : ` w=${guidance}`;
  return `${noised}${guided}`;
}

/** How a policy does where a plan takes time, with one scheme at one delay. */
export interface DelayResult {
  readonly name: string;
  /** Id of the run, or null for a checkpoint that ships. */
  readonly run: string | null;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  readonly nfe: number | null;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  readonly scheme: Scheme;
  /** d, control steps. */
  readonly delay: number;
  readonly success: Proportion;
  readonly contact: Proportion;
  /** Successes by mode. */
  readonly modes: Readonly<Record<string, number>>;
  /** Share of rollouts in which successive plans disagree about the mode. */
  readonly modeSwitchRate: number;
  /**
   * How far commanded joint targets move in one control step, root mean square over steps and
   * joints, rad. The wait of an arm is neither.
   */
  readonly seam: {
    /** Where another plan takes over; null where none does. */
    readonly jump: number | null;
    /** In the step before and the step after; null where each step is a seam. */
    readonly beside: number | null;
    /** jump / beside: 1 is a seam that does not show. */
    readonly ratio: number | null;
  };
  /** Mean number of control steps of the successes, waits counted; null without one. */
  readonly stepsToSuccess: number | null;
  readonly failures?: Failures;
}

export interface DelayReport extends Rolled {
  /** By policy, then scheme, then delay. */
  readonly results: readonly DelayResult[];
}

/** What a perturbation does to success, held against the control of equal starts and noises. */
export interface Robustness {
  /** Success with it less success without it. */
  readonly difference: number;
  readonly ci95: readonly [low: number, high: number];
  /** Two-sided exact p-value, of this difference alone. */
  readonly p: number;
  /** Rollouts that succeed only with it, and only without it. */
  readonly gained: number;
  readonly lost: number;
  /** Of all differences that are told together: better, worse, or open. */
  readonly judged: Judgement;
}

/** A policy's rollouts with a perturbation, or without. */
export interface RobustnessResult {
  readonly name: string;
  /** Id of the run, or null for a checkpoint that ships. */
  readonly run: string | null;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  readonly nfe: number | null;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  /** NAME=MAGNITUDE, several joined by "+"; null for the control. */
  readonly perturbation: string | null;
  readonly success: Proportion;
  readonly contact: Proportion;
  /** Successes by mode. */
  readonly modes: Readonly<Record<string, number>>;
  /** Mean over the successes; null where there are none. */
  readonly stepsToSuccess: number | null;
  /** Null for the control itself. */
  readonly againstControl: Robustness | null;
  readonly failures?: Failures;
}

/** What perturbations do to policies. */
export interface RobustnessReport extends Rolled {
  /** By policy, the control first. */
  readonly results: readonly RobustnessResult[];
}

/** Stages of one plan, in the order they happen; `queue` is the wait before they begin. */
export type LatencyStage = 'observe' | 'normalize' | 'network' | 'denormalize' | 'encode' | 'queue';

/** Percentiles of what is measured often enough to have a tail. */
export interface Spread extends Percentiles {
  readonly p999: number;
}

/** What the latency instrument measured; times in ms. */
export interface LatencyReport {
  readonly engine: string;
  readonly threads: number;
  readonly cpu: string;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  /** Null where it is not known. */
  readonly nfe: number | null;
  readonly actionHorizon: number;
  /** Plans measured; warm-up is left out. */
  readonly n: number;
  readonly stages: Readonly<Record<LatencyStage, Spread>> & {
    /** On the way to a policy server and back; left out for policies here. */
    readonly wire?: Spread;
  };
  /** One plan, from observation to encoded answer. */
  readonly chunkMs: Spread;
  /** The same spread over the control steps it serves. */
  readonly perStepMs: Spread;
  readonly firstCallMs: number;
  readonly deadline: {
    readonly hz: number;
    /** A control period: what a plan has for itself where the arm waits for it. */
    readonly blockingMs: number;
    /** What it has where it is asked for as early as can be, when the plan before begins to act. */
    readonly aheadMs: number;
    /** Plans that took longer than a control step. */
    readonly missed: number;
    /** Control steps without an action, all missed deadlines together. */
    readonly starvedTicks: number;
    /** Control steps that pass while the median plan is made. */
    readonly delaySteps: number;
  };
  /** How old the observation is that an action follows from, as the action begins; of all control steps. */
  readonly observationAgeMs: Spread;
  readonly eventLoopLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** What garbage collection took from the loop, all of it together. */
  readonly garbage: {
    readonly collections: number;
    readonly ms: number;
    readonly longestMs: number;
  };
  /** What the instrument itself takes of a plan, measured apart. */
  readonly overheadMs: number;
  /** Each plan, where that was asked for. */
  readonly plans?: readonly TimedPlan[];
}

/** A plan on the schedule; times in ms. */
export interface TimedPlan {
  /** Control step it was due at, since the loop began. */
  readonly tick: number;
  readonly stages: Readonly<Record<LatencyStage, number>>;
  readonly chunkMs: number;
  readonly missed: boolean;
}

/** How well a policy does what it is told, at one guidance scale. */
export interface Obedience {
  /** w */
  readonly guidance: number;
  /** Network evaluations a chunk, those without instruction counted; null where it is not known. */
  readonly nfe: number | null;
  /** Of all that were told something: all of it done, the object and the side. */
  readonly obeyed: Proportion;
  /** Of all that were told something: the object named, or any where none was, held up. */
  readonly success: Proportion;
  /** Of those told an object: that one held up. */
  readonly rightObject: Proportion;
  /** Of those told an object: another one in the hand at the end. */
  readonly wrongObject: Proportion;
  /** Of those told a side: past the post on that side. */
  readonly rightSide: Proportion;
  readonly contact: Proportion;
  /** Told nothing, from one start. */
  readonly silence: {
    readonly success: Proportion;
    /** Of the sides of successes, bias-corrected, in units of its maximum. */
    readonly modeEntropy: number;
    /** How often each object was in the hand at the end. */
    readonly objects: Readonly<Record<string, number>>;
  };
  readonly failures?: Failures;
}

export interface ObedienceReport {
  readonly task: string;
  readonly name: string;
  readonly run: string | null;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  readonly actionHorizon: number;
  readonly seed: number;
  readonly rollouts: number;
  /** Which were said: held out of training, or in words that it never saw. */
  readonly sentences: 'held-out' | 'unseen';
  readonly engine: string;
  readonly guidance: readonly Obedience[];
  readonly seconds: number;
}

/** Where a policy looked while it made a plan. */
export interface AttentionReport {
  readonly instruction: string;
  readonly tokens: readonly string[];
  /** Words the policy does not know. */
  readonly unknown: readonly string[];
  /** One a network evaluation. */
  readonly steps: readonly {
    /** Diffusion step k/K or flow time τ. */
    readonly time: number;
    /** Weight of each token by attention block, mean over the chunk and the heads. */
    readonly blocks: Readonly<Record<string, readonly number[]>>;
  }[];
}
