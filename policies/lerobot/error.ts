import { cutText } from '../config/issues.ts';

/** A directory that is no checkpoint of LeRobot's which can act here: what was expected, and what came. */
export class LeRobotError extends Error {
  override readonly name = 'LeRobotError';
}

/** Longest text about what was got, characters: it comes from a file. */
const MOST = 300;

/** What becomes of policies that are none of those rebuilt here. */
export const ASK_A_SERVER = 'ask it through a policy server (docs/policy-servers.md)';

/** @param file it is about, and where in it */
export function refuse(file: string, expected: string, got: string, cure: string): never {
  throw new LeRobotError(`${file}: expected ${expected}, got ${cutText(got, MOST)}; ${cure}`);
}
