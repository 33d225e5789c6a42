import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conditionKind, REGISTRY, SHIPPED, SHIPPED_NAMES } from '../../../policies/config/index.ts';
import { encodeManifest, readManifest } from '../../../server/storage/manifest.ts';
import { listShipped } from '../../../server/storage/shipped.ts';
import { loadVouched, SHIPPED_ROOT } from '../../../server/storage/workspace.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('what ships is what the registry says of it: the page goes by that until it is told', async () => {
  const shipped = await listShipped();
  expect(shipped.map(({ name }) => name)).toEqual(SHIPPED_NAMES);
  for (const { name, spec } of shipped) {
    const registered = REGISTRY.find((each) => each.name === SHIPPED[name]);
    expect((await loadVouched(SHIPPED_ROOT, name)).method).toBe(SHIPPED[name]);
    expect(spec.network.kind).toBe(registered?.network);
    expect(registered?.conditions).toContain(conditionKind(spec));
    // One that reads is trained at other times; its samplers are the same.
    if (spec.condition) expect(spec.objective.kind).toBe(registered?.objective.kind);
    else expect(spec.objective).toEqual(registered?.objective);
  }
});

it.each(['reading-flow', 'seeing-flow', 'lesson-flow'])(
  '%s knows the words of its task',
  async (wanted) => {
    const { spec } = (await listShipped()).find(({ name }) => name === wanted) ?? {};
    expect(spec?.task).toBe('left-right-colour');
    expect(spec?.condition?.text).toMatchObject({ vocabulary: expect.arrayContaining(['red']) });
  },
);

it.each(['seeing-flow', 'lesson-flow'])('%s is told of its own arm alone', async (wanted) => {
  const { spec } = (await listShipped()).find(({ name }) => name === wanted) ?? {};
  expect(spec?.condition).toMatchObject({ image: { size: 64 }, observed: [{ name: 'state' }] });
});

it('the one of the lesson plans two seconds at 50 Hz', async () => {
  const { spec } = (await listShipped()).find(({ name }) => name === 'lesson-flow') ?? {};
  expect(spec).toMatchObject({ controlHz: 50, predHorizon: 100 });
});

it.each(SHIPPED_NAMES)('the manifest of %s is as `reproduce` writes it', async (name) => {
  const manifest = await readManifest(SHIPPED_ROOT, name);
  const text = await readFile(join(SHIPPED_ROOT, name, 'manifest.json'), 'utf8');
  expect(encodeManifest(manifest)).toBe(text);
});

describe('a policy that ships', () => {
  const damage: Record<string, (folder: string) => Promise<unknown>> = {
    'with a flipped bit of a weight': async (folder) => {
      const path = join(folder, 'policy.safetensors');
      const bytes = await readFile(path);
      bytes[bytes.length - 5] ^= 4;
      await writeFile(path, bytes);
    },
    "with another policy's file": (folder) =>
      cp(join(SHIPPED_ROOT, 'lstm', 'policy.safetensors'), join(folder, 'policy.safetensors')),
    'with a folder for its file': async (folder) => {
      await rm(join(folder, 'policy.safetensors'));
      await mkdir(join(folder, 'policy.safetensors'));
    },
    'without its manifest': (folder) => rm(join(folder, 'manifest.json')),
    'with a changed digit in its manifest': async (folder) => {
      const path = join(folder, 'manifest.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 0', '"seed": 1'));
    },
    'with a manifest without its seal': async (folder) => {
      const path = join(folder, 'manifest.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/,\n {2}"sha256": .*/, ''));
    },
  };
  const said: Record<string, RegExp> = {
    'with a flipped bit of a weight':
      /policy\.safetensors: expected sha-256 [0-9a-f]{64}, as its manifest says, got [0-9a-f]{64}/,
    "with another policy's file": /policy\.safetensors: expected sha-256/,
    'with a folder for its file': /policy\.safetensors: expected a regular file, got a directory/,
    'without its manifest': /manifest\.json: expected it to be there, got nothing/,
    'with a changed digit in its manifest': /manifest\.json: expected sha-256/,
    'with a manifest without its seal': /manifest\.json: expected a manifest sealed/,
  };

  it.each(Object.keys(damage))('%s is refused by the name of the file', async (how) => {
    const root = await temporaryDirectory();
    await cp(join(SHIPPED_ROOT, 'l2'), join(root, 'l2'), { recursive: true });
    expect((await loadVouched(root, 'l2')).spec.objective.kind).toBe('regression');
    await damage[how](join(root, 'l2'));
    await expect(loadVouched(root, 'l2')).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(said[how]),
    });
  });
});
