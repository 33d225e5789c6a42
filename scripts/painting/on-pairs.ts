import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { sampleExamples } from '../../demos/cats/index.ts';
import { trainingSpecSchema } from '../../policies/config/index.ts';
import { digestOf } from '../../policies/digest.ts';
import { PICTURE_TRAINING } from '../../policies/pictures/presets.ts';
import { reflowPairs, reflowSpec } from '../../policies/pictures/reflow.ts';
import type { TrainedPainter } from '../../policies/pictures/spec.ts';
import { trainOnWindows } from '../../policies/pictures/train.ts';
import { stateFrom } from '../../policies/training/trainer.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { encoderFor } from '../../server/storage/text-encoder.ts';
import { openEngine } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import type { TrainingPlace } from './on-cats.ts';
import { type Beginning, type PainterReport, takeSteps } from './take-steps.ts';

/** How a flow is straightened. */
export interface PairsChoice {
  /** Scale of guidance that the pairs are drawn with, and that the student draws with at once. */
  readonly guidance: number;
  readonly pairs: number;
  readonly steps: number;
  readonly seed: number;
}

/** @throws SpecError for a teacher that is no flow */
export async function beginOnPairs(
  teacher: string,
  { guidance, pairs, steps, seed }: PairsChoice,
): Promise<Beginning> {
  const { painter } = await openPainter(teacher);
  const training = trainingSpecSchema.parse({ ...PICTURE_TRAINING, steps, seed });
  return {
    painter: { method: 'reflow', spec: reflowSpec(painter.spec) },
    training,
    cats: pairs,
    teacher: { digest: digestOf(painter.weights), guidance },
  };
}

/** A picture that reads no caption costs the least to draw. */
const SMALLEST = 16;

/**
 * Draws a flow's pairs of noise and picture and trains on them, from the flow's weights or from where it
 * stopped.
 *
 * @param resumed the file that it goes on from, for what is said of it
 * @throws ProtocolError 'conflict' for a teacher that it did not begin with
 * @throws StoppedError where it is interrupted before the pairs are drawn: none are kept
 */
export async function trainOnPairs(
  begun: Beginning,
  {
    teacher,
    out,
    resumed,
    ...place
  }: TrainingPlace & {
    readonly teacher: string;
    readonly out: string;
    readonly resumed?: string | undefined;
  },
): Promise<PainterReport> {
  const { painter } = await openPainter(teacher);
  const { training, cats } = begun;
  const { spec } = begun.painter;
  checkTeacher(begun, painter, { teacher, resumed });
  const engine = await openEngine(place.engine, place.data);
  const pretrained = await encoderFor(place, spec.caption.text);
  const { captions } = sampleExamples({ seed: training.seed, count: cats, size: SMALLEST });
  const progress = startProgress('pairs', cats);
  const windows = await interruptible('stopping; no pairs are kept', async (signal) => {
    const goOn = async (share: number) => {
      progress.update(Math.round(share * cats));
      await yieldToSignals();
      return !signal.aborted;
    };
    const { guidance } = begun.teacher ?? { guidance: 1 };
    return reflowPairs(engine, painter, captions, {
      ...{ seed: training.seed, guidance, goOn, pretrained },
    });
  }).finally(() => progress.stop());
  if (!windows) throw new StoppedError();
  const state = begun.state ?? stateFrom(painter.weights);
  const trainer = await trainOnWindows(engine, spec, windows, { config: training, state });
  return takeSteps(trainer, begun, { out, command: `pictures reflow --teacher ${teacher}` });
}

/** @throws ProtocolError 'conflict' */
function checkTeacher(
  begun: Beginning,
  { weights }: TrainedPainter,
  { teacher, resumed }: { readonly teacher: string; readonly resumed?: string | undefined },
): void {
  if (begun.teacher?.digest === digestOf(weights)) return;
  throw new ProtocolError(
    'conflict',
    `${resumed}: expected a reflow of ${teacher}, got ${begun.teacher ? 'one of another painter' : 'none'}; ` +
      'name the teacher that it began with',
  );
}
