import type { Lane } from '../../server/protocol/index.ts';
import {
  OBJECTIVES,
  type ObjectiveSpec,
  type PolicyName,
  SHIPPED,
} from '../../server/protocol/policies.ts';
import { LANES, type LaneId } from '../lanes.ts';
import { type Drawing, drawingOf } from './drawing.ts';
import type { Offer, Offers } from './offers.ts';
import type { Settings } from './settings.ts';

/** Who acts in a lane. */
export interface Role {
  readonly choice: Lane;
  /** Null for a run that the server has not told of. */
  readonly name: PolicyName | null;
  readonly objective: ObjectiveSpec | null;
  /** Null also where the choice does not fit. */
  readonly drawing: Drawing | null;
  /** Id of the run whose weights act; null for a checkpoint that ships. */
  readonly run: string | null;
}

export interface Cast {
  of(lane: LaneId): Role;
  /** The lane in which a policy is looked for: where it acts, else where its like does, else the last. */
  laneFor(policy: PolicyName): LaneId;
  /** What may act in a lane. */
  candidates(lane: LaneId, task: string): readonly Candidate[];
}

/** A policy that may act, or may not because of what acts beside it. */
export interface Candidate extends Offer {
  /** Its control rate where that is not the stage's, Hz. */
  readonly otherRate: number | null;
}

export function createCast(settings: Settings, offers: Offers): Cast {
  function of(lane: LaneId): Role {
    const choice = settings.lanes[lane].value;
    const { policy } = choice;
    const offer = offers.find(policy);
    const shipped = policy.kind === 'shipped' ? SHIPPED[policy.name] : null;
    const name = shipped ?? offer?.name ?? null;
    // What ships is known before the server has said so: as it is registered.
    const registered = shipped && OBJECTIVES[shipped];
    const objective = offer?.spec.objective ?? registered;
    return {
      choice,
      name,
      objective,
      drawing: objective && drawingOf(objective, choice),
      run: policy.kind === 'run' ? policy.id : null,
    };
  }

  return {
    of,
    laneFor(policy) {
      const roles = LANES.map((lane) => ({ lane, ...of(lane) }));
      const same = roles.find(({ name }) => name === policy);
      const { kind } = OBJECTIVES[policy];
      const alike = roles.find(({ objective }) => objective?.kind === kind);
      return (same ?? alike ?? roles[roles.length - 1]).lane;
    },
    candidates(lane, task) {
      const others = LANES.filter((each) => each !== lane);
      const rate = others
        .map((each) => offers.find(settings.lanes[each].value.policy)?.spec.controlHz)
        .find((hz) => hz !== undefined);
      return offers.all.value
        .filter(({ spec }) => spec.task === task)
        .map((offer) => {
          const { controlHz } = offer.spec;
          const fits = rate === undefined || rate === controlHz;
          return { ...offer, otherRate: fits ? null : controlHz };
        });
    },
  };
}

/** Whether it has one answer to what it sees, and nothing is drawn. */
export function hasOneAnswer(name: PolicyName): boolean {
  return OBJECTIVES[name].kind === 'regression';
}
