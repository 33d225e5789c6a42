import { basename, dirname, extname, join } from 'node:path';
import { listDirectory, readRegular } from '../../demos/files/index.ts';
import { decodePainter, type PainterCheckpoint } from '../../policies/checkpoint/painter.ts';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { SHIPPED_ROOT } from './workspace.ts';

/** Painters that ship: a file each, as `pictures train` writes it. */
const PAINTERS = 'painters';
const ENDING = '.safetensors';

/** Largest checkpoint of a painter that is believed, bytes. */
const MOST_BYTES = 2 ** 30;

/** What draws pictures, by the name that the page asks for it by. */
export interface PainterFile {
  readonly name: string;
  readonly path: string;
}

/**
 * The painters a server offers: those that ship, and those given by path, which are called as their
 * files are; another of the same name gets a number.
 */
export async function listPainters(paths: readonly string[]): Promise<PainterFile[]> {
  const shipped = (await listDirectory(SHIPPED_ROOT, PAINTERS))
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map(({ name }) => join(SHIPPED_ROOT, PAINTERS, name))
    .sort();
  const files: PainterFile[] = [];
  for (const path of [...shipped, ...paths]) {
    const name = nameOf(path);
    const same = files.filter((each) => each.name === name || each.name.startsWith(`${name}-`));
    files.push({ name: same.length > 0 ? `${name}-${same.length + 1}` : name, path });
  }
  return files;
}

const NAME = new RegExp(`^${NAME_PATTERN}$`);

/** A file's name without its ending, what no name may have being hyphens. */
function nameOf(path: string): string {
  const plain = basename(path, extname(path))
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 48);
  return NAME.test(plain) ? plain : 'painter';
}

/**
 * @throws FileError where there is no such file
 * @throws CheckpointError for one of something else, a robot's policy among them
 */
export async function openPainter(path: string): Promise<PainterCheckpoint> {
  return decodePainter(await readRegular(dirname(path), basename(path), MOST_BYTES));
}
