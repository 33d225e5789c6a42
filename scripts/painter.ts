import { basename, dirname } from 'node:path';
import { readRegular } from '../demos/files/index.ts';
import { decodePainter, type PainterCheckpoint } from '../policies/checkpoint/painter.ts';

/** Largest checkpoint of a painter that is believed, bytes. */
const MOST_BYTES = 2 ** 30;

/**
 * @throws FileError where there is no such file
 * @throws CheckpointError for one of something else, a robot's policy among them
 */
export async function openPainter(path: string): Promise<PainterCheckpoint> {
  return decodePainter(await readRegular(dirname(path), basename(path), MOST_BYTES));
}
