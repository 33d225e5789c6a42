import { z } from 'zod';
import { REPLAY_HASH } from '../../sim/replay-hash.ts';
import { moment } from './inquiry.ts';

/**
 * A person who took over in one view lets the policy go on from where they left the arm. The commands
 * that they made since the moment follow as the second argument: f32 [n, 8].
 */
export const goOnSchema = z.strictObject({
  ...moment,
  /** Fingerprint of the episode as the page's physics stepped it, from its start. */
  replayHash: z.string().regex(REPLAY_HASH),
});

export type GoOnRequest = z.infer<typeof goOnSchema>;
