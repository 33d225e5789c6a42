import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { writeFileAtomic } from '../../demos/files/index.ts';
import { encodePainter, type PainterCheckpoint } from '../../policies/checkpoint/painter.ts';
import { SpecError } from '../../policies/config/index.ts';
import type { PictureSpec } from '../../policies/config/picture.ts';
import type { TrainingSpec } from '../../policies/config/training.ts';
import type { MethodName } from '../../policies/methods/index.ts';
import type { Trainer, TrainingState } from '../../policies/training/trainer.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import { printJson } from '../table.ts';

/** What a painter begins with, or goes on with. */
export type Beginning = Omit<PainterCheckpoint, 'state' | 'step' | 'painter'> & {
  readonly painter: Omit<PainterCheckpoint['painter'], 'weights'>;
  readonly state?: TrainingState;
};

/** Time between checkpoints, ms: what a kill can cost. */
const CHECKPOINT_INTERVAL = 60_000;
/** Steps of which the mean loss is shown. */
const SHOWN = 100;

/**
 * Where a training stood that was stopped or done.
 *
 * @param steps as many as are to be made in all. @default as many as were to be made before
 * @throws ProtocolError 'conflict' for a painter alone
 * @throws SpecError for fewer steps than were made
 */
export async function goOn(
  path: string,
  steps?: number,
): Promise<Beginning & { readonly state: TrainingState }> {
  const checkpoint = await openPainter(path);
  const { step: made, state, training } = checkpoint;
  if (!state) {
    throw new ProtocolError(
      'conflict',
      `${path}: expected a painter with its training, got one alone; go on from the file that ` +
        'its training wrote',
    );
  }
  if (steps !== undefined && steps < made) {
    throw new SpecError(`steps: expected at least the ${made} that were made, got ${steps}`);
  }
  return { ...checkpoint, state, training: { ...training, ...(steps && { steps }) } };
}

/** What came of a training, or of what was left of it. */
export interface PainterReport {
  readonly out: string;
  readonly method: MethodName;
  readonly size: number;
  /** Steps made in all. */
  readonly step: number;
  /** Mean of the last steps; null where none were left. */
  readonly loss: number | null;
  /** Of the steps made now, and of each; null where none were left. */
  readonly seconds: number;
  readonly secondsPerStep: number | null;
  readonly parameters: number;
  readonly spec: PictureSpec;
  readonly training: TrainingSpec;
}

/**
 * Takes the steps that are left, with a checkpoint every minute, at the end and where it is interrupted:
 * then fewer than all were made. The trainer is disposed of.
 *
 * @param command what goes on with it
 */
export async function takeSteps(
  trainer: Trainer,
  begun: Beginning,
  { out, command }: { readonly out: string; readonly command: string },
): Promise<PainterReport> {
  const { painter, training } = begun;
  const { method, spec } = painter;
  const progress = startProgress(method, training.steps);
  const before = trainer.steps;
  const began = performance.now();
  let savedAt = began;
  const losses: number[] = [];
  /** Of the last steps; null before the first. */
  const loss = () =>
    losses.length > 0 ? losses.reduce((sum, each) => sum + each, 0) / losses.length : null;
  const save = async () => {
    const state = trainer.state();
    const weights = state.vectors.ema;
    const { step } = state;
    const content = encodePainter({ ...begun, painter: { ...painter, weights }, step, state });
    await writeFileAtomic(out, content);
    savedAt = performance.now();
  };
  const message = `stopping with a checkpoint; go on with: ${command} --resume ${out}`;
  try {
    await interruptible(message, async (signal) => {
      while (trainer.steps < training.steps && !signal.aborted) {
        losses.push((await trainer.step()).loss);
        if (losses.length > SHOWN) losses.shift();
        progress.update(trainer.steps, `loss ${loss()?.toPrecision(3)}`);
        if (performance.now() - savedAt > CHECKPOINT_INTERVAL) await save();
        // The step blocks this process; between steps it listens for being told to stop.
        await yieldToSignals();
      }
      await save();
    });
  } finally {
    progress.stop();
    await trainer.dispose();
  }
  const taken = trainer.steps - before;
  const seconds = (performance.now() - began) / 1000;
  return {
    ...{ out, method, size: spec.size, step: trainer.steps, loss: loss(), seconds },
    secondsPerStep: taken > 0 ? seconds / taken : null,
    ...{ parameters: trainer.state().vectors.ema.length, spec, training },
  };
}

/** Prints what came of it; the program's exit status says whether all steps were made. */
export function reportTraining(report: PainterReport, json: boolean): void {
  const { out, method, size, step, loss, seconds, secondsPerStep, training } = report;
  if (step < training.steps) process.exitCode = EXIT.interrupted;
  if (json) {
    printJson(report);
    return;
  }
  process.stdout.write(
    `${out}: ${method} at ${size} × ${size}, step ${step}, loss ${loss?.toPrecision(4) ?? '–'}, ` +
      `${seconds.toFixed(0)} s, ${secondsPerStep?.toFixed(3) ?? '–'} s a step\n` +
      `draw with it: npm run -s fp -- pictures draw --painter ${out} --caption "a red cat" --out cats.png\n`,
  );
}
