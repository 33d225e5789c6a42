import { setImmediate as breathe } from 'node:timers/promises';
import { type PainterCheckpoint, picturesSeen } from '../../policies/checkpoint/painter.ts';
import { nfeRange } from '../../policies/config/choose-sampler.ts';
import { canBeGuided } from '../../policies/config/guidance.ts';
import { digestOf } from '../../policies/digest.ts';
import type { Engine } from '../../policies/engine/types.ts';
import { LoopedPainter } from '../../policies/pictures/looped-painter.ts';
import { pictureSamplers } from '../../policies/pictures/sampler.ts';
import { reportError } from '../error-report.ts';
import { type ErrorReport, ProtocolError, StoppedError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type {
  DrawnPictures,
  DrawRequest,
  PainterInfo,
  Painters,
  PictureLevels,
  PictureLevelsRequest,
} from '../protocol/pictures.ts';
import { openPainter, type PainterFile } from '../storage/painters.ts';
import { encoderFor, type TextEncoderPlace } from '../storage/text-encoder.ts';
import { drawPictures } from './draw.ts';
import { pictureLevels } from './levels.ts';

/** What can be asked of painters, by kind: what it takes and what it gives. */
export interface PainterAsks {
  list: { request: null; answer: Painters };
  draw: { request: DrawRequest; answer: DrawnPictures<Uint8Array> };
  levels: { request: PictureLevelsRequest; answer: PictureLevels };
}
export type PainterAsk = keyof PainterAsks;

/** From the service: something to do, or that it is no longer wanted. */
export type PainterCommand =
  | {
      readonly id: number;
      readonly kind: PainterAsk;
      readonly request: PainterAsks[PainterAsk]['request'];
    }
  | { readonly stop: number };

/** And back. */
export type PainterReply =
  | { readonly id: number; readonly answer: PainterAsks[PainterAsk]['answer'] }
  | { readonly id: number; readonly error: ErrorReport };

/** Batches that programs are made for: one picture, and several. */
const BATCHES = [1, 4, LIMITS.pictures.drawn] as const;
/** Programs that are kept ready; one of 64 pixels takes some 50 MB. */
const READY = 6;

/** All painters of a server: what is asked of them is done in turn, and ended when nobody wants it. */
export class PainterHost {
  readonly #engine: Engine;
  readonly #files: readonly PainterFile[];
  readonly #reading: TextEncoderPlace;
  readonly #reply: (reply: PainterReply) => void;
  readonly #opened = new Map<string, Promise<PainterCheckpoint>>();
  /** By painter and batch, least recently used first. */
  readonly #ready = new Map<string, LoopedPainter>();
  readonly #unwanted = new Set<number>();
  #last: Promise<void> = Promise.resolve();

  /** @param reading where the encoder is that painters read with which do not with their own */
  constructor(
    engine: Engine,
    files: readonly PainterFile[],
    reply: (reply: PainterReply) => void,
    reading: TextEncoderPlace = {},
  ) {
    this.#engine = engine;
    this.#files = files;
    this.#reply = reply;
    this.#reading = reading;
  }

  command(command: PainterCommand): void {
    if ('stop' in command) {
      this.#unwanted.add(command.stop);
      return;
    }
    const { id, kind, request } = command;
    this.#last = this.#last.then(async () => {
      try {
        const before = () => this.#stillWanted(id);
        await before();
        this.#reply({ id, answer: await this.#perform(kind, request, before) });
      } catch (error) {
        const report = reportError(error);
        if (report.code === 'internal') console.error(error);
        this.#reply({ id, error: report });
      } finally {
        this.#unwanted.delete(id);
      }
    });
  }

  /** Lets commands in, and throws where this one is no longer wanted. */
  async #stillWanted(id: number): Promise<void> {
    await breathe();
    if (this.#unwanted.has(id)) throw new StoppedError();
  }

  #perform(
    kind: PainterAsk,
    request: PainterAsks[PainterAsk]['request'],
    before: () => Promise<void>,
  ): Promise<PainterAsks[PainterAsk]['answer']> {
    if (kind === 'list') return this.#list();
    if (kind === 'draw') return this.#draw(request as DrawRequest, before);
    return this.#levels(request as PictureLevelsRequest, before);
  }

  async #list(): Promise<Painters> {
    const painters: PainterInfo[] = [];
    const damaged: { name: string; message: string }[] = [];
    for (const { name } of this.#files) {
      try {
        painters.push(infoOf(name, await this.#open(name)));
      } catch (error) {
        damaged.push({ name, message: reportError(error).message });
      }
    }
    return { painters, damaged };
  }

  async #draw(
    request: DrawRequest,
    before: () => Promise<void>,
  ): Promise<DrawnPictures<Uint8Array>> {
    const count = request.pictures.length;
    const batch = BATCHES.find((each) => each >= count) ?? LIMITS.pictures.drawn;
    return drawPictures(await this.#prepare(request.painter, batch), request, before);
  }

  async #levels(
    { painter: name, bins }: PictureLevelsRequest,
    before: () => Promise<void>,
  ): Promise<PictureLevels> {
    const { painter } = await this.#open(name);
    const pretrained = await encoderFor(this.#reading, painter.spec.caption.text);
    return pictureLevels(this.#engine, { name, painter, pretrained }, bins, before);
  }

  async #prepare(name: string, batch: number): Promise<LoopedPainter> {
    const place = `${name} ${batch}`;
    const ready = this.#ready.get(place) ?? (await this.#compile(name, batch));
    this.#ready.delete(place);
    this.#ready.set(place, ready);
    for (const [oldest, used] of this.#ready) {
      if (this.#ready.size <= READY) break;
      this.#ready.delete(oldest);
      await used.dispose();
    }
    return ready;
  }

  async #compile(name: string, batch: number): Promise<LoopedPainter> {
    const { painter } = await this.#open(name);
    const { spec, weights } = painter;
    const key = JSON.stringify(['painter', spec, digestOf(weights), batch]);
    const pretrained = await encoderFor(this.#reading, spec.caption.text);
    return LoopedPainter.prepare(this.#engine, painter, batch, key, pretrained);
  }

  /** @throws ProtocolError 'not-found'; what reading the file throws */
  #open(name: string): Promise<PainterCheckpoint> {
    const opened = this.#opened.get(name);
    if (opened) return opened;
    const file = this.#files.find((each) => each.name === name);
    if (!file) {
      const known = this.#files.map((each) => each.name).join(', ') || 'none here';
      throw new ProtocolError('not-found', `painter: expected one of ${known}, got "${name}"`);
    }
    const opening = openPainter(file.path);
    this.#opened.set(name, opening);
    // It may be put right: the next who asks looks again.
    opening.catch(() => this.#opened.delete(name));
    return opening;
  }
}

function infoOf(name: string, checkpoint: PainterCheckpoint): PainterInfo {
  const { painter, step } = checkpoint;
  const { spec, method, weights } = painter;
  const { objective, caption } = spec;
  const most = LIMITS.pictures.calls;
  const samplers = pictureSamplers(painter)
    .map((kind) => ({ kind, range: nfeRange(objective, kind) }))
    .filter(({ range }) => range.least <= most)
    .map(({ kind, range }) => {
      return { kind, least: range.least, most: Math.min(range.most, most), step: range.step };
    });
  const { text } = caption;
  const guided = canBeGuided(caption);
  return {
    name,
    method,
    size: spec.size,
    parameters: weights.length,
    steps: step,
    cats: picturesSeen(checkpoint),
    diffusionSteps: objective.kind === 'diffusion' ? objective.steps : 0,
    samplers,
    builtInGuidance: guided ? null : (checkpoint.teacher?.guidance ?? 1),
    vocabulary: text.encoder === 'learned' ? text.vocabulary : [],
    words: text.tokens - 1,
  };
}
