import type { ErrorReport, Lane, StageProblem } from '../../../server/protocol/index.ts';
import { sameSource } from '../../../server/protocol/sources.ts';
import { LANES, type LaneId, type PerLane, perLane, sameChoice } from '../../shared/lanes/lanes.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import { laneToBlame } from './stage-error.ts';

export type Choices = PerLane<Lane | null>;

/** A choice that the stage could not take, and why. */
export interface Refusal extends ErrorReport {
  readonly choice: Lane;
}

/** Who acts on the stage, who has been asked to, and who was refused. */
export interface Acting {
  /** The policy that is to act in each lane; null for none. */
  readonly choices: Choices;
  /** Of each lane of the last episode, the choice that acts in it. */
  readonly acting: Choices;
  /** Of each lane, the choice that last made it to the stage. */
  readonly shown: Choices;
  /** Of each lane, what keeps it empty: with another choice it is another matter. */
  readonly missing: PerLane<Refusal | null>;
  /** What was chosen last for a lane and refused: it is as it was before. */
  readonly refusals: PerLane<Refusal | null>;
  /** Why there is no stage at all. */
  readonly error: ErrorReport | null;
  /** Why what a person says cannot be said. */
  readonly instructionError: ErrorReport | null;
  /** Settings are on their way to becoming an episode. */
  readonly pending: boolean;
  /** Number of the settings sent last, and their lanes. */
  readonly request: number;
  readonly asked: readonly LaneId[];
  /** The settings sent last were refused: the stage before them keeps running. */
  readonly refused: boolean;
  /** Who acted last in tasks that were left. */
  readonly left: ReadonlyMap<StageTask, Choices>;
}

export type ActingEvent =
  /** Settings are sent, with these lanes; none where no policy is chosen. */
  | { readonly kind: 'sent'; readonly lanes: readonly LaneId[] }
  /** They did not reach the server, or it took none of them. */
  | { readonly kind: 'unsent'; readonly error: ErrorReport }
  /** A frame came that this page cannot read; what is shown stays. */
  | { readonly kind: 'unreadable'; readonly error: ErrorReport }
  | { readonly kind: 'episode'; readonly request: number }
  /** @param first policies of a first visit, to go back to where the stage had none */
  | { readonly kind: 'problem'; readonly problem: StageProblem; readonly first: Choices }
  /** Another task is to be played; `first` acts where no policy did before. */
  | {
      readonly kind: 'play';
      readonly from: StageTask;
      readonly to: StageTask;
      readonly first: Choices;
    }
  /** The stage shows another task: what was seen of the one before says nothing of it. */
  | { readonly kind: 'other-task' }
  /** A choice for a lane, and who acts in all of them with it. */
  | { readonly kind: 'choose'; readonly lane: LaneId; readonly all: Choices }
  | { readonly kind: 'forgive' | 'retry'; readonly lane: LaneId };

const NONE: PerLane<null> = perLane(() => null);

export const BEFORE_THE_FIRST: Acting = {
  choices: NONE,
  acting: NONE,
  shown: NONE,
  missing: NONE,
  refusals: NONE,
  error: null,
  instructionError: null,
  pending: true,
  request: 0,
  asked: [],
  refused: false,
  left: new Map(),
};

/** Who acts after an event; the same object where it changes nothing. */
export function nextActing(state: Acting, event: ActingEvent): Acting {
  switch (event.kind) {
    case 'sent':
      return sent(state, event.lanes);
    case 'unsent':
      return { ...state, error: event.error, pending: false };
    case 'unreadable':
      return { ...state, error: state.error ?? event.error };
    case 'episode':
      return event.request === state.request ? begun(state) : state;
    case 'problem':
      return event.problem.request === state.request
        ? troubled(state, event.problem, event.first)
        : state;
    case 'play': {
      const left = new Map(state.left).set(event.from, state.choices);
      return { ...state, left, choices: left.get(event.to) ?? event.first };
    }
    case 'other-task':
      return {
        ...state,
        acting: NONE,
        shown: NONE,
        // Not the same object: lanes that were kept empty are asked for again.
        missing: { ...NONE },
        refusals: NONE,
      };
    case 'choose':
      return chosen(state, event.lane, event.all);
    case 'forgive':
      return { ...state, refusals: { ...state.refusals, [event.lane]: null } };
    case 'retry':
      return { ...state, missing: { ...state.missing, [event.lane]: null } };
  }
}

/**
 * The choice that a problem of the newest settings is about.
 *
 * @returns null for a problem of the whole stage, of what is said, or of settings overtaken since
 */
export function refusedChoice(
  state: Acting,
  problem: StageProblem,
  first: Choices,
): { readonly lane: LaneId; readonly choice: Lane } | null {
  if (problem.request !== state.request || problem.instruction) return null;
  const shown = perLane((each) => lastGood(state, each, first));
  const lane = laneToBlame(problem, state.asked, state.choices, shown);
  const choice = lane === null ? null : state.choices[lane];
  return lane === null || choice === null ? null : { lane, choice };
}

/** The choice to go back to. */
function lastGood({ shown }: Acting, lane: LaneId, first: Choices): Lane | null {
  return shown[lane] ?? first[lane];
}

function sent(state: Acting, lanes: readonly LaneId[]): Acting {
  const request = state.request + 1;
  // The running stage has other settings.
  if (lanes.length === 0) return { ...state, request };
  return {
    ...state,
    request,
    asked: lanes,
    refused: false,
    pending: true,
    error: null,
    instructionError: null,
  };
}

function begun(state: Acting): Acting {
  const { asked, choices, refused } = state;
  const acts = (before: Choices) =>
    perLane((lane) => (asked.includes(lane) ? (choices[lane] ?? before[lane]) : before[lane]));
  return {
    ...state,
    pending: false,
    error: refused ? state.error : null,
    acting: acts(state.acting),
    shown: acts(state.shown),
  };
}

function troubled(state: Acting, problem: StageProblem, first: Choices): Acting {
  const settled = { ...state, pending: false };
  if (problem.instruction) return { ...settled, instructionError: problem, refused: true };
  const found = refusedChoice(state, problem, first);
  if (found === null) {
    return { ...settled, error: problem, refused: problem.code === 'invalid-request' };
  }
  const { lane, choice } = found;
  const refusal: Refusal = { code: problem.code, message: problem.message, choice };
  const unable = sameChoice(lastGood(settled, lane, first), choice);
  // It was on the stage once and cannot be any more.
  const now = unable ? { ...settled, shown: { ...state.shown, [lane]: null } } : settled;
  if (sameChoice(lastGood(now, lane, first), choice)) {
    return { ...now, missing: { ...state.missing, [lane]: refusal } };
  }
  return {
    ...now,
    refusals: { ...state.refusals, [lane]: refusal },
    // One that was to act in all views acts in none.
    choices: perLane((each) => {
      const there = state.choices[each];
      const same = there !== null && sameSource(there.policy, choice.policy);
      return same ? lastGood(now, each, first) : there;
    }),
  };
}

function chosen(state: Acting, lane: LaneId, all: Choices): Acting {
  const changed = LANES.filter((each) => !sameChoice(state.choices[each], all[each]));
  const forgiven = (each: LaneId) => each === lane || changed.includes(each);
  return {
    ...state,
    choices: perLane((each) => (changed.includes(each) ? all[each] : state.choices[each])),
    refusals: perLane((each) => (forgiven(each) ? null : state.refusals[each])),
  };
}
