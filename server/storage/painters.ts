import { basename, dirname, extname, join } from 'node:path';
import { listDirectory, readRegular } from '../../demos/files/index.ts';
import { decodePainter, type PainterCheckpoint } from '../../policies/checkpoint/painter.ts';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { RECIPE_NAMES } from '../../policies/pictures/recipes.ts';
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
 * The painters a server offers, the first one first shown: those given by path, which are called as their
 * files are, another of the same name with a number; then those that ship.
 */
export async function listPainters(paths: readonly string[]): Promise<PainterFile[]> {
  const shipped = (await listDirectory(SHIPPED_ROOT, PAINTERS))
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map(({ name }) => ({ name: nameOf(name), path: join(SHIPPED_ROOT, PAINTERS, name) }))
    .sort((a, b) => placeOf(a.name) - placeOf(b.name));
  const given: PainterFile[] = [];
  for (const path of paths) {
    const name = nameOf(path);
    const same = [...shipped, ...given].filter(
      (each) => each.name === name || each.name.startsWith(`${name}-`),
    );
    given.push({ name: same.length > 0 ? `${name}-${same.length + 1}` : name, path });
  }
  return [...given, ...shipped];
}

/** Among those that ship: as they are made. */
const placeOf = (shipped: string) => (RECIPE_NAMES as readonly string[]).indexOf(shipped);

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
