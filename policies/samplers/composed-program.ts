import type { Program } from '../engine/types.ts';
import { NUMBERS } from './follow.ts';
import { ANSWER_ALONE } from './guided-program.ts';
import { coefficients, stepOf } from './run.ts';
import { takeStep } from './step.ts';

/** Texts of a batch and how much the answers to them count. */
export interface WeighedTexts {
  /** [B, `textSize`] */
  readonly text: Float32Array;
  /** [B]; over all texts of a row these sum to 1. */
  readonly weights: readonly number[];
}

/**
 * One step of any plan by an answer that is composed of those to several texts, Σ weight·F(text):
 * the empty text and a caption are guidance, F(∅) + w·(F(text) − F(∅)), of a scale that each row has
 * for itself; two captions are a picture on the way from one to the other. The same for ε, v and
 * velocities. What it attends to is what it attends to with the first text.
 *
 * @param program of any step, for a network that reads, traced without guidance
 * @param before  awaited before each evaluation; what it throws ends the drawing
 * @cost a run of the program a text
 * @see Liu et al. 2022, eq. 11, arXiv:2206.01714
 */
export function composedProgram(
  program: Program,
  texts: readonly WeighedTexts[],
  before: () => Promise<void> = async () => {},
): Program {
  const [first] = texts;
  const isPlain = texts.length === 1 && first.weights.every((weight) => weight === 1);
  const answerTo = async (inputs: Inputs, { text }: WeighedTexts) => {
    await before();
    return program.run({ ...inputs, text });
  };
  return {
    outputShapes: program.outputShapes,
    dispose: () => program.dispose(),
    async run(inputs) {
      const given = inputs as Inputs;
      if (isPlain) return answerTo(given, first);
      const step = stepOf(given.step);
      const asked = { ...given, step: coefficients({ ...step, ...ANSWER_ALONE }) };
      const answer = new Float64Array(given.x.length);
      let kept: Readonly<Record<string, Float32Array>> = {};
      for (const [i, each] of texts.entries()) {
        const answered = await answerTo(asked, each);
        if (i === 0) kept = answered;
        const row = answer.length / each.weights.length;
        answered.y2.forEach((value, at) => {
          answer[at] += each.weights[Math.floor(at / row)] * value;
        });
      }
      const { x, y } = takeStep(NUMBERS, step, {
        x: Float64Array.from(given.x),
        answer,
        previousY: Float64Array.from(given.previousY),
        z: Float64Array.from(given.z),
      });
      return { ...kept, x2: Float32Array.from(x), y2: Float32Array.from(y) };
    },
  };
}

/** What a program of one step of a network that reads takes in. */
type Inputs = Readonly<Record<'x' | 'previousY' | 'z' | 'step', Float32Array>>;
