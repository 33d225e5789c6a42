import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoiseStream } from '../../policies/random.ts';
import { ROOT } from './sources.ts';

/** Checkpoints that LeRobot wrote; `make_fixtures.py` beside them says how. */
export const FIXTURES = join(ROOT, 'tests/policies/lerobot/fixtures');

/** What LeRobot's own policy answers from a checkpoint, some of whose settings are changed. */
export interface ExpectedAnswer {
  readonly checkpoint: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** [2, horizon − To + 1, 8], rad and m, from `observationsAsked` and `noiseAsked`. */
  readonly actions: readonly number[];
}

export function expectedAnswers(): readonly ExpectedAnswer[] {
  return ['expected.json', 'expected-old.json'].flatMap(
    (file) => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as ExpectedAnswer[],
  );
}

/** The files of a checkpoint by name. */
export function filesOf(checkpoint: string): Map<string, Uint8Array> {
  const directory = join(FIXTURES, checkpoint);
  return new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))] as const),
  );
}

/** A JSON file with some of its values exchanged. */
export function changed(bytes: Uint8Array, changes: Readonly<Record<string, unknown>>): Uint8Array {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return new TextEncoder().encode(JSON.stringify({ ...(value as object), ...changes }));
}

/** [2, To, 14], as `make_fixtures.py` makes them. */
export function observationsAsked(obsHorizon: number): Float32Array {
  const numbers: number[] = [];
  for (let row = 0; row < 2; row++)
    for (let step = 0; step < obsHorizon; step++)
      for (let i = 0; i < 14; i++) numbers.push(0.4 * Math.sin(1 + 5 * row + 2 * step + 0.9 * i));
  return Float32Array.from(numbers);
}

/** Its noise of a row, call by call. */
export function noiseAsked(row: number): NoiseStream {
  let call = 0;
  return {
    fillNormal(out) {
      for (let i = 0; i < out.length; i++)
        out[i] = 1.3 * Math.sin(1 + 7 * call + 3 * row + 1.7 * i + 0.01 * i * i);
      call++;
      return out;
    },
  };
}
