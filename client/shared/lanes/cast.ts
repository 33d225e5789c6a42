import { computed, type ReadonlySignal } from '@preact/signals';
import type { Lane } from '../../../server/protocol/index.ts';
import {
  answersOnce,
  findMethod,
  type MethodName,
  type ObjectiveSpec,
  SAMPLERS,
} from '../../../server/protocol/policies.ts';
import { methodOf, runOf } from '../../../server/protocol/sources.ts';
import { STAGE_TASKS, type StageTask } from '../tasks/stage-tasks.ts';
import { canBeGuided, type Drawing, drawingOf, guided } from './drawing.ts';
import { FIRST_CHOICES, LANES, type LaneId, type PerLane, perLane, sameChoice } from './lanes.ts';
import type { Offer, Offers } from './offers.ts';
import type { Settings } from './settings.ts';

/** Who acts in a lane. */
export interface Role {
  /** Null while no policy of the task is known. */
  readonly choice: Lane | null;
  /** Null also for a run that the server has not told of. */
  readonly name: MethodName | null;
  readonly objective: ObjectiveSpec | null;
  /** Null also where the choice does not fit. */
  readonly drawing: Drawing | null;
  /** w in force; null for one that cannot be guided. */
  readonly guidance: number | null;
  /** Pixels a side of the picture it acts from; null for one that is told where objects are. */
  readonly sees: number | null;
  /** Id of the run whose weights act; null for a checkpoint that ships. */
  readonly run: string | null;
  /** What the policy of a policy server is called; null for any other. */
  readonly guest: string | null;
  /** It has one answer to what it sees, and nothing is drawn. */
  readonly oneAnswer: boolean;
}

export interface Cast {
  of(lane: LaneId): Role;
  /** Who acts on a first visit of the task; null while no policy of it is known. */
  readonly first: ReadonlySignal<PerLane<Lane | null>>;
  /** The lane in which a policy is looked for: where it acts, else where its like does, else the last. */
  laneFor(policy: MethodName): LaneId;
  /** What may act in a lane. */
  candidates(lane: LaneId, task: string): readonly Candidate[];
  /**
   * Who acts in all lanes when a choice is made for one: the others as they are, or the same policy
   * where it acts at another rate than they do, for all views share one clock. Back to who acts
   * first, all go.
   */
  chosen(lane: LaneId, choice: Lane): PerLane<Lane | null>;
}

/** A policy that may act. */
export interface Candidate extends Offer {
  /** Its control rate where the other lanes have another, Hz: chosen, it acts in all of them. */
  readonly otherRate: number | null;
}

/** Scales that a first visit shows side by side: instruction ignored, followed, exaggerated. */
const FIRST_GUIDANCE: PerLane<number> = { '1': 0, '2': 1, '3': 4 };
const NONE: PerLane<null> = perLane(() => null);

const NO_ROLE: Role = {
  choice: null,
  name: null,
  objective: null,
  drawing: null,
  guidance: null,
  sees: null,
  run: null,
  guest: null,
  oneAnswer: false,
};

/**
 * One policy that reads is compared with itself: how much it is guided makes the difference. Others
 * act beside one another, and where they are too few the last again by another of its samplers.
 */
function firstOf(task: StageTask, offers: readonly Offer[]): PerLane<Lane | null> {
  if (task === STAGE_TASKS[0]) return FIRST_CHOICES;
  // A guest acts where a person lets it.
  const able = offers.filter(
    ({ spec, guest, lacks }) => spec.task === task && guest === null && lacks === null,
  );
  const done = able.filter(({ run }) => run === null || run.status === 'done');
  const best = done[0] ?? able[0];
  if (!best) return NONE;
  if (canBeGuided(best.spec)) {
    return perLane((lane) => guided({ policy: best.source }, FIRST_GUIDANCE[lane]));
  }
  if (best.run) return perLane(() => ({ policy: best.source }));
  // All views share one clock.
  const beside = done.filter(
    ({ run, spec }) => run === null && spec.controlHz === best.spec.controlHz,
  );
  return perLane((lane) => {
    const beyond = LANES.indexOf(lane) - (beside.length - 1);
    if (beyond <= 0) return { policy: beside[LANES.indexOf(lane)].source };
    const { source, spec } = beside[beside.length - 1];
    const sampler = spec.objective && SAMPLERS[spec.objective.kind].at(beyond);
    return sampler ? { policy: source, sampler } : { policy: source };
  });
}

/** Pixels a side of the picture a policy acts from; null for one without a camera. */
export function pictureOf({ spec, guest }: Pick<Offer, 'spec' | 'guest'>): number | null {
  return spec.condition?.image?.size ?? guest?.about?.picture ?? null;
}

export function createCast(settings: Settings, offers: Offers): Cast {
  function of(lane: LaneId): Role {
    const choice = settings.lanes[lane].value;
    if (!choice) return NO_ROLE;
    const { policy } = choice;
    const offer = offers.find(policy);
    const shipped = methodOf(policy);
    const name = shipped ?? offer?.name ?? null;
    // What ships is known before the server has said so: as it is registered.
    const registered = shipped && findMethod(shipped).objective;
    const objective = offer?.spec.objective ?? registered;
    return {
      choice,
      name,
      objective,
      drawing: objective ? drawingOf(objective, choice) : null,
      guidance: offer && canBeGuided(offer.spec) ? (choice.guidance ?? 1) : null,
      sees: offer ? pictureOf(offer) : null,
      run: runOf(policy),
      guest: offer?.guest?.about?.name ?? null,
      oneAnswer: name ? hasOneAnswer(name) : offer?.guest?.about?.stochastic === false,
    };
  }

  /** Control rate of the lanes but one, Hz; null while no policy is known for them. */
  function rateBeside(lane: LaneId): number | null {
    const rates = LANES.filter((each) => each !== lane)
      .map((each) => settings.lanes[each].value)
      .map((choice) => choice && offers.find(choice.policy)?.spec.controlHz);
    return rates.find((hz) => hz != null) ?? null;
  }

  const first = computed(() => firstOf(settings.task.value, offers.all.value));

  return {
    of,
    first,
    laneFor(policy) {
      const roles = LANES.map((lane) => ({ lane, ...of(lane) }));
      const same = roles.find(({ name }) => name === policy);
      const { kind } = findMethod(policy).objective;
      const alike = roles.find(({ objective }) => objective?.kind === kind);
      return (same ?? alike ?? roles[roles.length - 1]).lane;
    },
    candidates(lane, task) {
      const rate = rateBeside(lane);
      return offers.all.value
        .filter(({ spec }) => spec.task === task)
        .map((offer) => {
          const { controlHz } = offer.spec;
          return { ...offer, otherRate: rate === null || rate === controlHz ? null : controlHz };
        });
    },
    chosen(lane, choice) {
      const spec = offers.find(choice.policy)?.spec;
      const rate = rateBeside(lane);
      const alone = spec?.task === settings.task.value && rate !== null && rate !== spec.controlHz;
      if (alone && sameChoice(choice, first.value[lane])) return first.value;
      return perLane((each) => {
        const here = settings.lanes[each].value;
        if (each === lane) return choice;
        if (!alone) return here;
        return guided(choice, canBeGuided(spec) ? here?.guidance : 1);
      });
    },
  };
}

function hasOneAnswer(name: MethodName): boolean {
  return answersOnce(findMethod(name).objective);
}
