import { join } from 'node:path';
import type { Engine } from '../../policies/engine/index.ts';
import { openProgramStore } from './program-store.ts';
import { openWorkspace, type Place } from './workspace.ts';

/** The engine of a place, which keeps what it has traced beside the data. */
export async function openEngine(place: Place): Promise<Engine> {
  const { data } = openWorkspace(place).place;
  // With TensorFlow.js, which a child process that works on datasets does without.
  const { createEngine } = await import('../../policies/engine/index.ts');
  return createEngine(place.engine, { programs: await openProgramStore(join(data, 'programs')) });
}
