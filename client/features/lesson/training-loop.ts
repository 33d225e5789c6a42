import type { Engine } from '../../../policies/engine/types.ts';
import { type LiveField, LiveLesson } from '../../../policies/lesson/live.ts';
import { LIVE_STEPS } from '../../../policies/lesson/target.ts';
import { Occasion } from '../../shared/work/occasion.ts';
import { WorkLoop } from '../../shared/work/work-loop.ts';
import type {
  Drawing,
  FieldRequest,
  FromWorker,
  PerKind,
  StepLosses,
  ToWorker,
} from './messages.ts';

/** Least times between pictures of a lesson in training, ms. */
const REPORT_EVERY = 100;
const DRAW_EVERY = 400;
const MEASURE_EVERY = 1500;
/** Arrows along a side of the plane. */
const ARROWS = 13;

/** A lesson that has begun, and what the page has not been told of it yet. */
interface Begun {
  readonly name: number;
  readonly lesson: LiveLesson;
  steps: StepLosses[];
  /** Time spent on those, ms. */
  trained: number;
}

type Beginning = Extract<ToWorker, { kind: 'begin' | 'back' }>;

/**
 * Trains the lesson that it was told to begin, a step at a time, and shows how it comes along. What
 * it is told counts from the next step on. One that another took the place of is set aside until it
 * is told to continue with it, or to discard it.
 */
export class TrainingLoop {
  readonly #engine: Engine;
  readonly #say: (message: FromWorker) => void;
  readonly #total: number;
  #begin: Beginning | null = null;
  #begun: Begun | null = null;
  readonly #aside = new Map<number, Begun>();
  readonly #forgotten: number[] = [];
  #playing = false;
  #drawing: Drawing | null = null;
  #field: FieldRequest | null = null;
  /** Fields of the present step by progress: a film asks for the same ones again and again. */
  readonly #fields = new Map<number, PerKind<LiveField>>();
  #drawnAt = -1;
  #measuredAt = -1;
  #report = new Occasion(REPORT_EVERY);
  #draw = new Occasion(DRAW_EVERY);
  #measure = new Occasion(MEASURE_EVERY);
  #arrows = new Occasion(0);
  readonly #loop: WorkLoop;

  /**
   * @param rest lets messages arrive
   * @param total steps of a lesson
   */
  constructor(
    engine: Engine,
    say: (message: FromWorker) => void,
    rest: () => Promise<void>,
    total = LIVE_STEPS,
  ) {
    this.#engine = engine;
    this.#say = say;
    this.#total = total;
    this.#loop = new WorkLoop(
      {
        isWanted: () => this.#hasWork(),
        perform: () => this.#round(),
        onFailure: (error) => {
          this.#begin = null;
          this.#begun = null;
          this.#say({ kind: 'failed', message: String(error) });
        },
      },
      rest,
    );
  }

  tell(message: ToWorker): void {
    switch (message.kind) {
      case 'begin':
      case 'back':
        this.#begin = message;
        break;
      case 'forget':
        this.#forgotten.push(message.lesson);
        break;
      case 'play':
        this.#playing = message.playing;
        break;
      case 'draw':
        this.#drawing = message.drawing;
        this.#draw.wanted = true;
        break;
      case 'field':
        this.#field = message.request;
        this.#arrows.wanted = true;
        break;
    }
    this.#loop.wake();
  }

  #hasWork(): boolean {
    if (this.#begin || this.#forgotten.length > 0) return true;
    return this.#begun !== null && (this.#mayTrain() || this.#hasToShow());
  }

  async #round(): Promise<void> {
    if (this.#begin) await this.#beginWith(this.#begin);
    for (const name of this.#forgotten.splice(0)) await this.#forget(name);
    const begun = this.#begun;
    if (!begun) return;
    await this.#train(begun);
    await this.#show(begun);
  }

  async #beginWith({ lesson: name, target, seed }: Beginning): Promise<void> {
    this.#begin = null;
    if (this.#begun) this.#aside.set(this.#begun.name, this.#begun);
    this.#begun = null;
    const kept = this.#aside.get(name);
    this.#aside.delete(name);
    const options = { seed, steps: this.#total };
    this.#begun = kept ?? {
      name,
      lesson: await LiveLesson.create(this.#engine, target, options),
      steps: [],
      trained: 0,
    };
    this.#fields.clear();
    this.#drawnAt = -1;
    this.#measuredAt = -1;
    for (const each of [this.#report, this.#draw, this.#measure, this.#arrows]) each.wanted = true;
  }

  async #forget(name: number): Promise<void> {
    const kept = this.#aside.get(name);
    this.#aside.delete(name);
    await kept?.lesson.dispose();
  }

  #mayTrain(): boolean {
    return this.#playing && this.#begun !== null && this.#begun.lesson.steps < this.#total;
  }

  /** Whether the last step's picture is still to be drawn, or another way of drawing is wanted. */
  #hasToShow(): boolean {
    const now = this.#begun?.lesson.steps;
    return this.#draw.wanted || this.#arrows.wanted || this.#drawnAt !== now;
  }

  async #train(begun: Begun): Promise<void> {
    if (!this.#mayTrain()) return;
    const began = performance.now();
    const losses = await begun.lesson.step();
    begun.trained += performance.now() - began;
    this.#fields.clear();
    begun.steps.push({ step: begun.lesson.steps, losses });
  }

  async #show(begun: Begun): Promise<void> {
    const { lesson, name } = begun;
    const { steps } = lesson;
    // While nothing is trained there is time for everything.
    const idle = !this.#mayTrain();
    const isDue = (occasion: Occasion) => idle || occasion.rested;
    if (begun.steps.length > 0 && isDue(this.#report)) {
      await this.#report.perform(() => this.#sayProgress(begun));
    }
    const isNew = this.#drawnAt !== steps && isDue(this.#draw);
    if (isNew || this.#draw.wanted) {
      await this.#draw.perform(() => this.#sayPaths(begun));
      this.#arrows.wanted = true;
    }
    if (this.#arrows.wanted && isDue(this.#arrows)) {
      await this.#arrows.perform(() => this.#sayField(begun));
    }
    if (this.#measuredAt !== steps && isDue(this.#measure)) {
      await this.#measure.perform(async () => {
        this.#say({ kind: 'measures', lesson: name, measures: await lesson.measure() });
      });
      this.#measuredAt = steps;
    }
  }

  #sayProgress(begun: Begun): void {
    const { name, steps, trained } = begun;
    begun.steps = [];
    begun.trained = 0;
    this.#say({ kind: 'progress', lesson: name, steps, rate: (1000 * steps.length) / trained });
  }

  async #sayPaths({ lesson, name }: Begun): Promise<void> {
    this.#drawnAt = lesson.steps;
    if (!this.#drawing) return;
    const { diffusion, flow, count } = this.#drawing;
    const paths = {
      diffusion: await lesson.draw('diffusion', diffusion, count),
      flow: await lesson.draw('flow', flow, count),
    };
    this.#say({ kind: 'paths', lesson: name, paths });
  }

  async #sayField({ lesson, name }: Begun): Promise<void> {
    if (!this.#field) return;
    const { progress, square } = this.#field;
    const known = this.#fields.get(progress);
    const fields = known ?? {
      diffusion: await lesson.field('diffusion', progress, square, ARROWS),
      flow: await lesson.field('flow', progress, square, ARROWS),
    };
    this.#fields.set(progress, fields);
    this.#say({ kind: 'field', lesson: name, fields });
  }
}
