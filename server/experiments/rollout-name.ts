import { ProtocolError } from '../protocol/errors.ts';

/** Which rollout of which experiment. */
export interface RolloutName {
  /** Of the experiment. */
  readonly directory: string;
  /** Place among the contenders, from 0, as the merged table has it. */
  readonly contender: number;
  readonly start: number;
  readonly noise: number;
}

/** A directory may have any name: the last # is the one that counts. */
const NAME = /^(.+)#(\d{1,6})\/(\d{1,6})\/(\d{1,6})$/s;

/** DIR#CONTENDER/START/NOISE */
export function formatRollout({ directory, contender, start, noise }: RolloutName): string {
  return `${directory}#${contender}/${start}/${noise}`;
}

/** @throws ProtocolError 'invalid-request' for what is written otherwise */
export function parseRollout(text: string): RolloutName {
  const [, directory, ...numbers] = NAME.exec(text) ?? [];
  if (directory === undefined) {
    throw new ProtocolError(
      'invalid-request',
      `rollout: expected DIR#CONTENDER/START/NOISE, such as sweep#3/0/12, got "${text.slice(0, 200)}"`,
    );
  }
  const [contender, start, noise] = numbers.map(Number);
  return { directory, contender, start, noise };
}
