/** Datasets that LeRobot wrote, and what people and accidents make of them. */
import {
  copyFile,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import type { DatasetStore } from '../../../demos/store/index.ts';
import { replay, verifyDataset } from '../../../server/datasets/datasets.ts';
import { editDataset, splitDataset } from '../../../server/datasets/edit.ts';
import { generateDemonstrations } from '../../../server/datasets/generate.ts';
import { importDataset } from '../../../server/datasets/transfer.ts';
import type { ImportRequest } from '../../../server/protocol/datasets.ts';
import { generateRequestSchema } from '../../../server/protocol/index.ts';
import { createRun } from '../../../server/training/create-run.ts';
import { ACTION_DIM } from '../../../sim/index.ts';
import {
  changeJson,
  changeRows,
  fixtureArchive,
  fixtureColumns,
  LENGTHS,
  unpackFixture,
} from '../../support/lerobot-fixtures.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

async function bring(path: string, options: Partial<ImportRequest> = {}) {
  const { datasets } = await temporaryWorkspace();
  const imported = await importDataset(datasets, { path, name: 'theirs', ...options });
  return { ...imported, datasets, stored: await datasets.open('theirs') };
}

/** Nothing of it stays. */
async function expectRefused(
  path: string,
  message: RegExp,
  options: Partial<ImportRequest> = {},
  name = 'DatasetError',
) {
  const { datasets } = await temporaryWorkspace();
  const asked = importDataset(datasets, { path, name: 'theirs', ...options });
  await expect(asked).rejects.toMatchObject({ name });
  await expect(asked).rejects.toThrow(message);
  expect(await datasets.list()).toEqual([]);
  expect(await stagedIn(datasets)).toEqual([]);
}

async function stagedIn({ root }: DatasetStore): Promise<string[]> {
  return readdir(join(root, '.staging')).catch(() => []);
}

interface InfoJson {
  fps: number;
  total_episodes: number;
  codebase_version: string;
  features: Record<string, { names: unknown; shape: number[]; dtype: string }>;
}

const info = (root: string) => join(root, 'meta', 'info.json');
const FIRST = 'data/chunk-000/file-000.parquet';
/** Control steps to which the demonstrations were trimmed that LeRobot's tools then changed. */
const TRIMMED = 20;
/** Those of at least two frames. */
const KEPT = [0, 1, 3, 4];

describe.each(['v3.0', 'v2.1'] as const)('a dataset that LeRobot wrote as %s', (version) => {
  it('comes in with every column, but for what has no use here', async () => {
    const { dataset, notes, stored } = await bring(await unpackFixture(version));
    expect(dataset).toMatchObject({
      ...{ task: 'left-right', controlHz: version === 'v3.0' ? 20 : 50, episodes: 4 },
      ...{ frames: 18, unverified: 4, successes: 0, recorded: 0 },
    });
    const all = await stored.readAll();
    expect(all.map(({ length }) => length)).toEqual(KEPT.map((episode) => LENGTHS[episode]));
    for (const [i, episode] of KEPT.entries()) {
      const { state, environment, action } = fixtureColumns(episode);
      expect(all[i]).toMatchObject({
        ...{ state, environment, action, command: action },
        ...{ source: 'imported', mode: null, seed: null, replayHash: null, physics: null },
      });
    }
    expect(notes).toContain('left out, without two frames: episode 2');
    expect(notes.join('\n')).toMatch(/columns without a use here are left out: observation.effort/);
    expect(notes.join('\n')).toMatch(/4 of 4 episodes are not verified/);
    expect(notes.join('\n')).toMatch(/no column next\.success .*: 4 episodes count as without/);
    if (version === 'v3.0') expect(notes.join('\n')).toMatch(/pictures are left out .*wrist/);
    else expect(notes.join('\n')).toMatch(/float64 .* float32: action, observation.state/);
  });

  it('comes in the same packed as a ZIP archive', async () => {
    const { stored, notes } = await bring(fixtureArchive(version));
    const directory = await bring(await unpackFixture(version));
    expect(stored.hash).toBe(directory.stored.hash);
    expect(notes).toEqual(directory.notes);
  });

  it('can be trained on, edited and taken in again', async () => {
    const { datasets, stored } = await bring(await unpackFixture(version));
    const { runs } = await temporaryWorkspace();
    const request = { policy: 'l2', dataset: 'theirs', preset: 'quick', seed: 0 } as const;
    const run = await createRun(runs, datasets, request);
    expect(run.dataset).toMatchObject({ name: 'theirs', hash: stored.hash, episodes: 4 });
    const again = await bring(stored.directory);
    expect(again.stored.hash).toBe(stored.hash);
    expect(again.dataset.unverified).toBe(4);
    const edit = { kind: 'trim', episode: 0, length: 2 } as const;
    const edited = await editDataset(datasets, rapier, {
      ...{ name: 'theirs', hash: stored.hash, edit },
    });
    expect(edited.dataset).toMatchObject({ frames: 14, unverified: 4 });
    const [first] = await (await datasets.open('theirs')).readAll();
    expect(first.action).toEqual(fixtureColumns(0).action.slice(0, 16));
  });
});

it('an episode that is spread over two files comes in whole', async () => {
  const root = await unpackFixture('v3.0');
  const file = (name: string) => join(root, 'data', 'chunk-000', name);
  await rename(file('file-001.parquet'), file('file-002.parquet'));
  await copyFile(file('file-000.parquet'), file('file-001.parquet'));
  await changeRows(file('file-000.parquet'), 'FROM rows WHERE index < 8');
  await changeRows(file('file-001.parquet'), 'FROM rows WHERE index >= 8');
  const whole = await bring(fixtureArchive('v3.0'));
  expect((await bring(root)).stored.hash).toBe(whole.stored.hash);
});

describe('a dataset of this program that LeRobot deleted from, split and merged', () => {
  it('is whole: as the same changes made here', async () => {
    const workspace = await temporaryWorkspace();
    const { datasets } = workspace;
    const request = generateRequestSchema.parse({ out: 'ours', episodes: 3, seed: 11 });
    await generateDemonstrations(workspace, rapier, request);
    const begun = (whole: Demonstration) => {
      const rows = TRIMMED * ACTION_DIM;
      const { command, action } = whole;
      const cut = { command: command.slice(0, rows), action: action.slice(0, rows) };
      return replay(rapier, { ...whole, ...cut, length: TRIMMED });
    };
    const expected = await datasets.derive('ours', 'expected', ([first, , last]) =>
      [last, first].map(begun),
    );

    const { dataset, notes, stored } = await bring(await unpackFixture('edited'));
    expect(notes).toEqual([]);
    expect(dataset).not.toHaveProperty('unverified');
    expect(await stored.readAll()).toEqual(await expected.readAll());
    expect(stored.hash).toBe(expected.hash);
    for await (const { ok } of verifyDataset(rapier, stored)) expect(ok).toBe(true);
  });

  it('keeps apart the episode whose frames somebody changed', async () => {
    const root = await unpackFixture('edited');
    await changeRows(
      join(root, FIRST),
      `SELECT * REPLACE (CASE WHEN index = 25 THEN list_transform("observation.state", x -> x + 0.001::FLOAT)
        ELSE "observation.state" END AS "observation.state") FROM rows`,
    );
    const { dataset, datasets, stored, notes } = await bring(root);
    expect(dataset).toMatchObject({ episodes: 2, unverified: 1 });
    expect(stored.episodes.map(({ replayHash }) => replayHash === null)).toEqual([false, true]);
    expect(notes.join('\n')).toMatch(/1 of 2 episodes are not verified/);
    expect(notes).toContain(
      'statistics did not fit the frames and are made anew: observation.state',
    );
    const verified: number[] = [];
    for await (const { index, ok } of verifyDataset(rapier, stored)) if (ok) verified.push(index);
    expect(verified).toEqual([0]);
    const parts = await splitDataset(datasets, {
      ...{ name: 'theirs', hash: stored.hash, by: 'verified' },
    });
    expect(parts.map(({ name, unverified = 0 }) => [name, unverified])).toEqual([
      ['theirs-verified', 0],
      ['theirs-not-verified', 1],
    ]);
  });

  it('believes no facts that replaying does not prove', async () => {
    const root = await unpackFixture('edited');
    const lie = `replace("sim.episode", '"success":false', '"success":true')`;
    await changeRows(join(root, FIRST), `SELECT * REPLACE (${lie} AS "sim.episode") FROM rows`);
    expect((await bring(root)).dataset).toMatchObject({ successes: 0 });
    const noise = `'{"format":1,"episode":{"task":"' || repeat('x', 9000) || '"}}'`;
    await changeRows(join(root, FIRST), `SELECT * REPLACE (${noise} AS "sim.episode") FROM rows`);
    expect((await bring(root)).dataset).toMatchObject({ episodes: 2, unverified: 2 });
  });
});

describe('another robot, scene or rate', () => {
  it.each<[string, string, RegExp]>([
    [
      'joints',
      'observation.state',
      /observation\.state: expected 8 numbers .*panda_joint1\.pos.*got "shoulder.*--map/,
    ],
    ['actions', 'action', /action: expected 8 numbers .*got "shoulder.*--map action=KEY/],
    ['scene', 'observation.environment_state', /expected the scene of one of left-right.*--task/],
  ])(
    'is refused where it has other %s, unless somebody says that they are these',
    async (_, feature, message) => {
      const root = await unpackFixture('v3.0');
      await changeJson<InfoJson>(info(root), ({ features }) => {
        const names = Array.from(features[feature].shape, () => 'shoulder.pos');
        features[feature].names = names;
      });
      await expectRefused(root, message);
      const map = { [feature]: [feature] };
      expect((await bring(root, { map, task: 'left-right' })).dataset.episodes).toBe(4);
    },
  );

  it('is put together from several features', async () => {
    const root = await unpackFixture('v3.0');
    for (const file of ['chunk-000/file-000', 'chunk-000/file-001', 'chunk-001/file-000']) {
      await changeRows(
        join(root, 'data', `${file}.parquet`),
        `SELECT * EXCLUDE action, list_slice(action, 1, 7) "act.joints", action[8] "act.gripper" FROM rows`,
      );
    }
    await changeJson<InfoJson>(info(root), ({ features }) => {
      const { action, ...rest } = features;
      const part = (width: number) => ({ ...action, shape: [width], names: null });
      return {
        ...features,
        codebase_version: 'v3.0',
        fps: 20,
        total_episodes: 5,
        total_frames: 19,
        features: { ...rest, 'act.joints': part(7), 'act.gripper': part(1) },
      };
    });
    await expectRefused(
      root,
      /feature "action": expected 8 numbers .*act\.joints \[7\], act\.gripper \[1\]/,
    );
    const { stored } = await bring(root, { map: { action: ['act.joints', 'act.gripper'] } });
    expect((await stored.read(0)).action).toEqual(fixtureColumns(0).action);
  });

  it('is refused where its numbers are none of this arm, as degrees', async () => {
    const root = await unpackFixture('v3.0');
    const degrees = `list_transform(action, x -> degrees(x)::FLOAT)`;
    await changeRows(join(root, FIRST), `SELECT * REPLACE (${degrees} AS action) FROM rows`);
    await expectRefused(
      root,
      /action of episode 0, frame 0: expected panda_joint2 from .* rad, got 17/,
    );
  });

  it('is refused at 30 Hz, and resampled when asked', async () => {
    const root = await unpackFixture('v3.0');
    for (const file of ['chunk-000/file-000', 'chunk-000/file-001', 'chunk-001/file-000']) {
      const times = '(frame_index / 30)::FLOAT AS timestamp';
      await changeRows(
        join(root, 'data', `${file}.parquet`),
        `SELECT * REPLACE (${times}) FROM rows`,
      );
    }
    await changeJson<InfoJson>(info(root), (json) => ({ ...json, fps: 30 }));
    await expectRefused(root, /fps: expected 20 or 50, got 30; .*--resample 20/);
    const { dataset, stored, notes } = await bring(root, { resample: 'nearest' });
    expect(dataset.controlHz).toBe(20);
    expect(notes.join('\n')).toMatch(/brought to 20 Hz by their timestamps/);
    // Five thirtieths of a second are three twentieths and a bit: four frames.
    const first = await stored.read(0);
    expect(first.length).toBe(4);
    // The second of them lies half-way between frames 1 and 2.
    const { state } = fixtureColumns(0);
    expect(first.state[8]).toBeCloseTo((state[8] + state[16]) / 2, 6);
    expect((await bring(root, { resample: 50 })).dataset.controlHz).toBe(50);
  });
});

describe('what is no number of this arm', () => {
  it.each([
    ['sim.command', '1000::FLOAT', /sim\.command of episode 0, frame 0: .* rad, got 1000;/],
    ['observation.environment_state', '1e300', /of episode 0, frame 0: .* float32 .* got 1e\+300;/],
    ['action', '1e300', /action of episode 0, frame 0: .* float32 .* got 1e\+300;/],
  ])('is refused in %s, by name', async (column, value, message) => {
    const root = await unpackFixture('edited');
    const wrong = `list_transform("${column}", x -> ${value}) AS "${column}"`;
    await changeRows(join(root, FIRST), `SELECT * REPLACE (${wrong}) FROM rows`);
    await expectRefused(root, message);
  });
});

describe('what others leave out or write otherwise', () => {
  it('is a feature that says no names', async () => {
    const root = await unpackFixture('v3.0');
    await changeJson<InfoJson>(info(root), ({ features }) => {
      Reflect.deleteProperty(features['observation.effort'], 'names');
    });
    expect((await bring(root)).dataset.episodes).toBe(4);
  });

  it('are columns of names that mean something here, of another kind', async () => {
    const root = await unpackFixture('v3.0');
    const others = `SELECT *, 'yes' "next.success", 1 intervention, [1, 2] "sim.command" FROM rows`;
    await changeRows(join(root, FIRST), others);
    await changeJson<InfoJson>(info(root), ({ features }) => {
      const scalar = { shape: [1], names: null };
      features['next.success'] = { ...scalar, dtype: 'string' };
      features.intervention = { ...scalar, dtype: 'int64' };
      features['sim.command'] = { ...scalar, dtype: 'float32', shape: [2] };
    });
    const { dataset, notes } = await bring(root);
    expect(dataset).toMatchObject({ episodes: 4, successes: 0 });
    expect(notes.join('\n')).toMatch(
      /left out, not of the kind they are here: sim\.command \(.*float32 \[2\]\), intervention \(.*int64.*\), next\.success \(.*string.*\)/,
    );
  });

  it('is one sentence an episode, where a task has a language', async () => {
    const workspace = await temporaryWorkspace();
    const request = { out: 'ours', episodes: 1, seed: 3, task: 'left-right-colour' };
    await generateDemonstrations(workspace, rapier, generateRequestSchema.parse(request));
    const root = (await workspace.datasets.open('ours')).directory;
    await changeJson<Record<string, unknown>>(info(root), ({ forking_paths: _, ...rest }) => rest);
    const file = join(root, FIRST);
    const forget = `SELECT * REPLACE ('' AS "sim.episode") FROM rows`;
    await changeRows(file, forget);
    expect((await bring(root)).dataset).toMatchObject({ episodes: 1, unverified: 1 });
    const midway = `CASE WHEN frame_index < 9 THEN 1 ELSE 2 END AS task_index`;
    await changeRows(file, `SELECT * REPLACE (${midway}) FROM rows`);
    await expectRefused(root, /instruction of episode 0: expected one for all frames, got 2: ".*"/);
  });
});

describe('what accidents leave', () => {
  it('timestamps that drift are refused, and read as they are when asked', async () => {
    const root = await unpackFixture('v3.0');
    const drift = '(timestamp * 1.2)::FLOAT AS timestamp';
    await changeRows(join(root, FIRST), `SELECT * REPLACE (${drift}) FROM rows`);
    await expectRefused(root, /timestamp of episode 0: expected frame 1 0\.0500 s .*--resample/);
    expect((await bring(root, { resample: 20 })).stored.episodes[0].length).toBe(7);
  });

  it('frames that are missing are refused, by name', async () => {
    const root = await unpackFixture('v3.0');
    await changeRows(join(root, FIRST), 'FROM rows WHERE index <> 3');
    await expectRefused(root, /file-000\.parquet: expected frame 3 of episode 0, got frame 4/);
    await changeRows(join(root, FIRST), 'FROM rows WHERE episode_index <> 0');
    await expectRefused(root, /episode 0: expected 6 frames, as the index says, got 0/);
  });

  it('frames of one episode in two places are refused', async () => {
    const root = await unpackFixture('v3.0');
    await changeRows(join(root, FIRST), 'FROM rows UNION ALL FROM rows WHERE episode_index = 0');
    await expectRefused(root, /expected frames of episode 0 in one piece/);
  });

  it('gaps between the numbers of episodes are closed, and said', async () => {
    const root = await unpackFixture('v2.1');
    await unlink(join(root, 'data/chunk-000/episode_000001.parquet'));
    await expectRefused(root, /episode 1: expected 4 frames, as the index says, got 0; restore/);
    const lines = ['episodes', 'episodes_stats'].map((name) => join(root, 'meta', `${name}.jsonl`));
    for (const path of lines) {
      const kept = (await readFile(path, 'utf8'))
        .split('\n')
        .filter((line) => !line.startsWith('{"episode_index": 1,'));
      await writeFile(path, kept.join('\n'));
    }
    const { dataset, notes } = await bring(root);
    expect(dataset.episodes).toBe(3);
    expect(notes.join('\n')).toMatch(/numbered anew: there were gaps/);
    expect(notes.join('\n')).toMatch(/info\.json says 5 episodes of 19 frames, there are 4 of 15/);
  });

  it('a file that is no Parquet, a link, an unknown version or an empty set are refused', async () => {
    const root = await unpackFixture('v3.0');
    const file = join(root, FIRST);
    await rename(file, `${file}.kept`);
    await symlink(`${file}.kept`, file);
    await expectRefused(root, /symbolic link/, {}, 'FileError');
    await rm(file);
    await writeFile(file, 'PAR1 noise');
    await expectRefused(root, /file-000\.parquet: expected a Parquet file, got other bytes/);
    await rm(join(root, 'data'), { recursive: true });
    await expectRefused(root, /data: expected 1 to \d+ Parquet files, .* got 0/);
    await changeJson<InfoJson>(info(root), (json) => ({ ...json, codebase_version: 'v1.6' }));
    await expectRefused(root, /codebase_version v3\.0 or v2\.1, got "v1\.6"; convert it/);
  });

  it('counts are believed of the files alone', async () => {
    const root = await unpackFixture('v3.0');
    await changeJson<InfoJson>(info(root), (json) => ({ ...json, total_episodes: 100_000_000 }));
    const { notes } = await bring(root);
    expect(notes.join('\n')).toMatch(/says 100000000 episodes of 19 frames, there are 5 of 19/);
  });
});
