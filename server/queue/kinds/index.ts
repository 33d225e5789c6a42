import type { JobKind } from '../job-kind.ts';
import { queueOf } from '../programs.ts';
import { demonstrations } from './demonstrations.ts';
import { shards } from './shards.ts';
import { trainings } from './trainings.ts';

/** All kinds of jobs, in the order in which a worker prefers them: the shortest first. */
const KINDS = { shards, demonstrations, trainings } satisfies Readonly<Record<string, JobKind>>;

export type JobKindName = keyof typeof KINDS;

export const JOB_KINDS: Readonly<Record<JobKindName, JobKind>> = KINDS;
export const JOB_KIND_NAMES = Object.keys(KINDS) as readonly JobKindName[];

/** The queue of the jobs of a kind that this program can do. */
export async function ownQueue(kind: JobKindName): Promise<string> {
  return queueOf(kind, await JOB_KINDS[kind].identify());
}
