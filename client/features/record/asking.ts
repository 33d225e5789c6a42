import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type InitialState, startSeed } from '../../../sim/index.ts';
import { type Place, placesOf } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { type CoveredStart, thinnest } from './coverage.ts';
import { type Demand, demandOf } from './demand.ts';
import { type Behaviour, behavioursOf, StartPlan } from './starts.ts';
import type { TakeOptions } from './take.ts';
import { withPlaces } from './with-places.ts';

/** Seeds 1 to 16383: 0 is what scripted datasets begin with. */
export const SESSION_SEEDS = 16_383;

/** Starts of which the next one is chosen. */
const CANDIDATES = 16;

/** What demonstrators are asked for, task by task: from which start, and to do what. */
export class Asking {
  /** What the attempt is to show. */
  readonly demand = signal<Demand | null>(null);
  /** What a person wants to show; null where the plan of starts decides. */
  readonly wanted: ReadonlySignal<Behaviour | null>;
  /** Starts are drawn from it. */
  session = 1 + Math.floor(Math.random() * SESSION_SEEDS);
  readonly #task: ReadonlySignal<StageTask>;
  readonly #plans = new Map<StageTask, StartPlan>();
  readonly #wishes = signal<Partial<Record<StageTask, Behaviour | null>>>({});
  #phrasing = 0;

  constructor(task: ReadonlySignal<StageTask>) {
    this.#task = task;
    this.wanted = computed(() => this.#wishes.value[task.value] ?? null);
  }

  /** Of a task. @default the one on the stage */
  plan(name: StageTask = this.#task.peek()): StartPlan {
    const known = this.#plans.get(name) ?? new StartPlan(behavioursOf(taskOf(name)));
    this.#plans.set(name, known);
    return known;
  }

  want(behaviour: Behaviour | null): void {
    this.#wishes.value = { ...this.#wishes.value, [this.#task.peek()]: behaviour };
  }

  /** Decides what the next attempt is to show; where it is the same, in other words. */
  ask(): void {
    const { index, suggested } = this.plan();
    const behaviour = this.wanted.peek() ?? suggested;
    const seed = ~((this.session * 65_536 + index * 64 + this.#phrasing++) % 2 ** 31);
    this.demand.value = demandOf(taskOf(this.#task.peek()), behaviour, seed);
  }

  /** Where the next attempt begins. */
  start(index = this.plan().index): { readonly seed: number; readonly initial: InitialState } {
    const seed = startSeed('demonstration', this.session, index);
    return { seed, initial: taskOf(this.#task.peek()).sampleInitialState(seed) };
  }

  /**
   * Where and with which words the next attempt begins.
   *
   * @param places where a person put the objects, m; null for where they were drawn
   * @returns no seed where the objects were put
   */
  startWith(places: readonly Place[] | null): Pick<TakeOptions, 'initial' | 'seed'> {
    const { seed, initial } = this.start();
    const instruction = this.demand.peek()?.instruction;
    return {
      initial: { ...withPlaces(initial, places), ...(instruction != null && { instruction }) },
      seed: places ? null : seed,
    };
  }

  /** Lets the plan go on; to where starts are thinnest, where it comes to another. */
  goOn(change: (plan: StartPlan) => void, covered: readonly CoveredStart[]): void {
    const plan = this.plan();
    const { index } = plan;
    change(plan);
    if (plan.index === index + 1) this.spread(covered);
  }

  /**
   * Where the plan is at a new start: goes to where those that are covered are thinnest, of some that
   * it could go to, and asks there first for what was shown least.
   */
  spread(covered: readonly CoveredStart[]): void {
    const plan = this.plan();
    if (plan.again || covered.length === 0) return;
    const candidates = Array.from({ length: CANDIDATES }, (_, i) => {
      return placesOf(this.start(plan.index + i).initial.objects);
    });
    const shownOften = plan.behaviours.map(
      ({ mode }) => covered.filter(({ modes }) => modes.includes(mode)).length,
    );
    const least = Math.min(...shownOften);
    const { suggested } = plan.mark;
    const rarest = shownOften[suggested] === least ? suggested : shownOften.indexOf(least);
    plan.goOnAt(plan.index + thinnest(candidates, covered), rarest);
  }
}
