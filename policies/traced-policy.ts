import { chooseSampler, nfeOf } from './config/choose-sampler.ts';
import { SpecError } from './config/error.ts';
import { checkGuidance } from './config/guidance.ts';
import type { Program } from './engine/types.ts';
import { NetworkPlanner } from './network-planner.ts';
import type { Planner, PlannerOptions, Policy, PolicyDescription } from './policy.ts';
import { guidedProgram } from './samplers/guided-program.ts';
import { createPlan } from './samplers/plan.ts';
import { runLooped } from './samplers/run.ts';
import { Reader } from './text/reader.ts';
import { abilitiesOf, describe, drawnBy, type TrainedFacts } from './trained.ts';

/** A step's program: one serves every sampler of a policy and any number of network calls. */
export interface StepProgram {
  readonly batch: number;
  /** Puts out what the network attends to. */
  readonly attention: boolean;
}

/** What is to be known of a policy whose programs were traced beforehand. */
export interface TracedFacts extends TrainedFacts {
  /** Learnt numbers. */
  readonly parameters: number;
  readonly programs: readonly StepProgram[];
}

/**
 * A trained policy whose programs were traced beforehand: where it acts there is neither
 * TensorFlow.js nor a checkpoint. Its chunks are drawn step by step, as `PlannerOptions.looped` says.
 */
export class TracedPolicy implements Policy {
  readonly #facts: TracedFacts;
  readonly #open: (program: StepProgram) => Promise<Program>;

  /** @param open one of the facts' programs; each planner disposes of its own */
  constructor(facts: TracedFacts, open: (program: StepProgram) => Promise<Program>) {
    this.#facts = facts;
    this.#open = open;
  }

  describe(): PolicyDescription {
    return describe(this.#facts, this.#facts.parameters);
  }

  /**
   * @throws SpecError as `NetworkPolicy.prepare`, and for a batch or inpainting that no program was
   *         traced for
   */
  async prepare(
    batch: number,
    {
      sampler,
      guidance = 1,
      inpainting = false,
      attention = false,
      states = false,
    }: PlannerOptions = {},
  ): Promise<Planner> {
    const { spec, parameters } = this.#facts;
    checkGuidance(abilitiesOf(spec), guidance);
    if (inpainting) throw notTraced('chunking', 'one without known actions', 'real-time');
    const program = this.#program(batch, attention);
    const { objective, condition } = spec;
    const chosen = sampler ?? chooseSampler(objective);
    const setup = {
      plan: createPlan(objective, chosen),
      batch,
      ...drawnBy(this.#facts),
      attention,
      states,
    };
    const reader = condition ? await Reader.create(condition.text) : null;
    const opened = await this.#open(program);
    const guides = reader !== null && guidance !== 1;
    const guided = guides
      ? guidedProgram(opened, { scale: guidance, silence: reader.silence })
      : opened;
    return new NetworkPlanner(this.#facts, {
      parameters,
      sampler: runLooped(guided, setup),
      reader,
      nfe: nfeOf(chosen, objective, guidance),
    });
  }

  #program(batch: number, attention: boolean): StepProgram {
    const { programs } = this.#facts;
    const found = programs.find((each) => each.batch === batch && each.attention === attention);
    if (found) return found;
    const batches = programs.filter((each) => each.attention === attention);
    throw notTraced('batch', batches.map((each) => each.batch).join(' or ') || 'none', batch);
  }
}

function notTraced(what: string, expected: string, got: number | string): SpecError {
  return new SpecError(
    `${what}: expected ${expected}, as programs were traced beforehand for that alone, got ${got}; ` +
      'run the program itself, which traces any',
  );
}
