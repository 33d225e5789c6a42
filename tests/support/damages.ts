/** Ways in which a file comes to harm. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import type { Random } from '../../policies/random.ts';

export interface Victim {
  readonly path: string;
  /** A file of the same kind that belongs elsewhere. */
  readonly sibling: string;
  /** A place outside of the data, where what a link leads to is put. */
  readonly outside: string;
}

export type Damage = (victim: Victim, random: Random) => Promise<unknown>;

/** Changes the bytes of a file. An empty one is left as it is. */
function edit(change: (bytes: Buffer, random: Random) => Uint8Array): Damage {
  return async ({ path }, random) => {
    const bytes = await readFile(path);
    if (bytes.length > 0) await writeFile(path, change(bytes, random));
  };
}

export const DAMAGES: Readonly<Record<string, Damage>> = {
  'a flipped bit': edit((bytes, random) => {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  }),
  'another byte': edit((bytes, random) => {
    bytes[random.below(bytes.length)] += 1 + random.below(255);
    return bytes;
  }),
  'cut off': edit((bytes, random) => bytes.subarray(0, random.below(bytes.length))),
  'bytes more': edit((bytes, random) => {
    const more = Array.from({ length: 1 + random.below(64) }, () => random.below(256));
    return Buffer.concat([bytes, Buffer.from(more)]);
  }),
  'a block of zeros': edit((bytes, random) => {
    const from = random.below(bytes.length);
    return bytes.fill(0, from, Math.min(from + 1 + random.below(512), bytes.length));
  }),
  'swapped with a sibling': async ({ path, sibling, outside }) => {
    await rename(path, outside);
    await rename(sibling, path);
    await cp(outside, sibling);
  },
  'a folder': async ({ path }) => {
    await rm(path);
    await mkdir(path);
  },
  'a link to its copy': async ({ path, outside }) => {
    await rename(path, outside);
    await symlink(outside, path);
  },
  'a link to a device': async ({ path }) => {
    await rm(path);
    await symlink('/dev/zero', path);
  },
  'a pipe': async ({ path }) => {
    await rm(path);
    execFileSync('mkfifo', [path]);
  },
  'an empty file': ({ path }) => truncate(path, 0),
  'a huge sparse file': ({ path }) => truncate(path, 6 * 2 ** 30),
  deleted: ({ path }) => rm(path),
};
