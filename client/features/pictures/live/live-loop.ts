import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  type CatExamples,
  obeys,
  parseCaption,
  posed,
  sampleExamples,
  scoreCat,
} from '../../../../demos/cats/index.ts';
import type { Engine } from '../../../../policies/engine/types.ts';
import { LivePainter, liveSpec } from '../../../../policies/pictures/live.ts';
import { LIVE_SIZE, LIVE_STEPS } from '../../../../policies/pictures/live-size.ts';
import { fromPixels, toPixels } from '../../../../policies/pixels.ts';
import { Occasion } from '../../../shared/work/occasion.ts';
import { WorkLoop } from '../../../shared/work/work-loop.ts';
import { columnsWith, LIVE_CAPTIONS, LIVE_ROWS } from './captions.ts';
import type { FromWorker, OwnCat, Step, ToWorker, Verdict } from './messages.ts';

/** Cats that are learnt from. */
const EXAMPLES = 1024;
/** Of those so many are shown. */
const SHOWN = 16;
const NUMBERS = 3 * LIVE_SIZE * LIVE_SIZE;
/** Least times between what is told of a training, ms. */
const REPORT_EVERY = 250;
const DRAW_EVERY = 1000;
const JUDGE_EVERY = 8000;
/** Reading pictures is dear, a quarter of a second for one that shows nothing: so many rows are read. */
const JUDGED_ROWS = 2;
/** And of the time it takes at most one part in so many. */
const JUDGE_SHARE = 8;

type Beginning = Extract<ToWorker, { kind: 'begin' }>;

/** A training, and what the page has not been told of it yet. */
interface Begun {
  readonly name: number;
  readonly painter: LivePainter;
  steps: Step[];
  /** Time spent on those, ms. */
  trained: number;
  drawnAt: number;
  /** What was drawn last of the fixed captions, [n, 16, 16, 3]. */
  pictures: Float32Array;
  columns: readonly string[];
  judgedAt: number;
}

/**
 * Trains a painter of small cats a step at a time, and shows how it comes along. What it is told counts
 * from the next step on.
 */
export class LiveLoop {
  readonly #engine: Engine;
  readonly #say: (message: FromWorker) => void;
  readonly #total: number;
  #begin: Beginning | null = null;
  #begun: Begun | null = null;
  #playing = false;
  #guidance = 1;
  #own: readonly OwnCat[] = [];
  #ownPut: readonly OwnCat[] = this.#own;
  #report = new Occasion(REPORT_EVERY);
  #draw = new Occasion(DRAW_EVERY);
  #judge = new Occasion(JUDGE_EVERY, JUDGE_SHARE);
  readonly #loop: WorkLoop;

  /**
   * @param rest  lets messages arrive
   * @param total steps of a training
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
        this.#begin = message;
        break;
      case 'play':
        this.#playing = message.playing;
        break;
      case 'guide':
        this.#guidance = message.guidance;
        this.#draw.wanted = true;
        break;
      case 'own':
        this.#own = message.own;
        this.#draw.wanted = true;
        break;
    }
    this.#loop.wake();
  }

  #hasWork(): boolean {
    if (this.#begin) return true;
    const begun = this.#begun;
    if (!begun) return false;
    return this.#mayTrain(begun) || this.#draw.wanted || begun.judgedAt !== begun.painter.steps;
  }

  async #round(): Promise<void> {
    if (this.#begin) await this.#beginWith(this.#begin);
    const begun = this.#begun;
    if (!begun) return;
    if (this.#ownPut !== this.#own) await this.#putOwn(begun);
    await this.#show(begun);
    await this.#train(begun);
  }

  async #beginWith({ training: name, seed }: Beginning): Promise<void> {
    this.#begin = null;
    await this.#begun?.painter.dispose();
    this.#begun = null;
    const examples = sampleExamples({ seed, count: EXAMPLES, size: LIVE_SIZE, as: posed });
    const painter = await LivePainter.create(
      this.#engine,
      liveSpec(CAPTION_VOCABULARY, CAPTION_WORDS),
      examples,
      { seed, batch: LIVE_CAPTIONS.length * LIVE_ROWS, steps: this.#total },
    );
    this.#begun = {
      name,
      painter,
      steps: [],
      trained: 0,
      drawnAt: -1,
      pictures: new Float32Array(0),
      columns: LIVE_CAPTIONS,
      judgedAt: -1,
    };
    await this.#putOwn(this.#begun);
    for (const each of [this.#report, this.#draw, this.#judge]) each.wanted = true;
    this.#say({ kind: 'begun', training: name, engine: this.#engine.name, data: shown(examples) });
  }

  async #putOwn({ painter }: Begun): Promise<void> {
    this.#ownPut = this.#own;
    await painter.learnAlso(
      this.#own.map(({ rgb, ...own }) => ({
        ...own,
        picture: toPixels(rgb, new Float32Array(rgb.length)),
      })),
    );
  }

  #mayTrain({ painter }: Begun): boolean {
    return this.#playing && painter.steps < this.#total;
  }

  async #train(begun: Begun): Promise<void> {
    if (!this.#mayTrain(begun)) return;
    const began = performance.now();
    const { step, loss } = await begun.painter.step();
    begun.trained += performance.now() - began;
    begun.steps.push({ step, loss });
  }

  async #show(begun: Begun): Promise<void> {
    const { steps } = begun.painter;
    // While nothing is trained there is time for everything.
    const idle = !this.#mayTrain(begun);
    const isDue = (occasion: Occasion) => idle || occasion.wanted || occasion.rested;
    if (begun.steps.length > 0 && isDue(this.#report)) {
      await this.#report.perform(() => this.#sayProgress(begun));
    }
    const judges = begun.judgedAt !== steps && isDue(this.#judge);
    const draws = begun.drawnAt !== steps && isDue(this.#draw);
    if (judges || draws || this.#draw.wanted) await this.#draw.perform(() => this.#sayDrawn(begun));
    if (judges) await this.#judge.perform(() => this.#sayVerdict(begun));
  }

  #sayProgress(begun: Begun): void {
    const { name, steps, trained } = begun;
    begun.steps = [];
    begun.trained = 0;
    this.#say({ kind: 'progress', training: name, steps, rate: (1000 * steps.length) / trained });
  }

  async #sayDrawn(begun: Begun): Promise<void> {
    const { name, painter } = begun;
    const columns = columnsWith(this.#own.map(({ caption }) => caption));
    const captions = Array.from({ length: LIVE_ROWS }, () => columns).flat();
    begun.pictures = await painter.draw(captions, this.#guidance);
    begun.columns = columns;
    begun.drawnAt = painter.steps;
    const drawn = { step: painter.steps, captions: columns, rgb: fromPixels(begun.pictures) };
    this.#say({ kind: 'drawn', training: name, drawn });
  }

  /** Of the fixed captions alone: what a picture of one's own shows the reader of cats cannot know. */
  #sayVerdict(begun: Begun): void {
    const { name, painter, pictures, columns } = begun;
    const fixed = columns.map((caption, i) => caption === LIVE_CAPTIONS[i]);
    const rows = Array.from({ length: JUDGED_ROWS * columns.length }, (_, row) => row);
    const read = rows.filter((row) => fixed[row % columns.length]);
    const verdict = judge(pictures, read, (row) => columns[row % columns.length]);
    begun.judgedAt = painter.steps;
    this.#say({ kind: 'judged', training: name, verdict: { step: painter.steps, ...verdict } });
  }
}

/** Some of the data as bytes. */
function shown({ pictures }: CatExamples): Uint8Array {
  return fromPixels(pictures.subarray(0, SHOWN * NUMBERS));
}

/** What the reader of cats says of some of the pictures. */
function judge(
  pictures: Float32Array,
  rows: readonly number[],
  captionOf: (row: number) => string,
): Omit<Verdict, 'step'> {
  const read = rows.map((row) => {
    const { cat, rejected } = scoreCat(
      pictures.slice(row * NUMBERS, (row + 1) * NUMBERS),
      LIVE_SIZE,
    );
    const { constraint } = parseCaption(captionOf(row));
    const accepted = rejected === null;
    return {
      accepted,
      colour: constraint.colours.includes(cat.colour),
      obeyed: accepted && obeys(cat, constraint),
    };
  });
  const count = (of: (each: (typeof read)[number]) => boolean) => read.filter(of).length;
  return {
    pictures: rows.length,
    accepted: count(({ accepted }) => accepted),
    colour: count(({ colour }) => colour),
    obeyed: count(({ obeyed }) => obeyed),
  };
}
