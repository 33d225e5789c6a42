import type { Program } from '../engine/types.ts';
import type { Guidance } from '../networks/guidance.ts';
import { NUMBERS } from './follow.ts';
import { coefficients, stepOf } from './run.ts';
import { takeStep } from './step.ts';

/**
 * Guidance for a program of one step that was traced without: the network is asked twice, with the
 * instruction and without, and the step is taken here. What it attends to is what it attends to with
 * the instruction.
 *
 * @param program of any step, for a network that reads
 * @cost at w = 0 one run of it a step, otherwise two
 */
export function guidedProgram(program: Program, { scale, silence }: Guidance): Program {
  const silent = (inputs: Inputs) => program.run({ ...inputs, text: tiled(silence, inputs.text) });
  return {
    outputShapes: program.outputShapes,
    dispose: () => program.dispose(),
    async run(inputs) {
      const given = inputs as Inputs;
      if (scale === 0) return silent(given);
      const step = stepOf(given.step);
      const asked = { ...given, step: coefficients({ ...step, ...ANSWER_ALONE }) };
      const told = await program.run(asked);
      const without = (await silent(asked)).y2;
      const { x, y } = takeStep(NUMBERS, step, {
        x: Float64Array.from(given.x),
        answer: Float64Array.from(without, (value, i) => value + scale * (told.y2[i] - value)),
        previousY: Float64Array.from(given.previousY),
        z: Float64Array.from(given.z),
      });
      return { ...told, x2: Float32Array.from(x), y2: Float32Array.from(y) };
    },
  };
}

/** What a program of one step of a network that reads takes in. */
type Inputs = Readonly<Record<'x' | 'previousY' | 'z' | 'step' | 'text', Float32Array>>;

/** A step that puts out what the network answers. */
export const ANSWER_ALONE = {
  answer: { x: 0, network: 1 },
  clip: false,
  next: { x: 0, y: 1, previousY: 0, noise: 0 },
};

/** As many rows of silence as there are instructions. */
function tiled(row: Float32Array, { length }: Float32Array): Float32Array {
  return Float32Array.from({ length }, (_, i) => row[i % row.length]);
}
