import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cli, startManyCli } from '../support/cli.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { temporaryWorkspace } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();

let data: string;
beforeAll(async () => {
  const { place, datasets } = await temporaryWorkspace();
  data = place.data;
  const dataset = await datasets.create('one', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1)]);
  await datasets.create('empty', { task: 'left-right', controlHz: 20 });
  await writeFile(join(data, 'file'), '');
  await symlink(dataset.directory, join(data, 'link'));
});

/** What was asked for makes no sense (2), or was tried and failed (1), and what is said of it. */
const WRONG: readonly (readonly [string, number, RegExp])[] = [
  ['', 2, /Usage: forking-paths/],
  ['nonsense', 2, /unknown command 'nonsense'/],
  ['demos', 2, /Usage: forking-paths demos/],
  ['demos nonsense', 2, /unknown command 'nonsense'/],
  ['train --nonsense', 2, /unknown option '--nonsense'/],

  [
    'experiment run DATA --queue postgres://h --processes 2',
    2,
    /'--queue <url>' cannot be used with/,
  ],
  ['experiment run DATA --store s3://lab/x', 2, /expected --queue URL with --store, got none/],
  ['demos generate --out a --store s3://lab/x --data DATA', 2, /expected --queue URL with --store/],
  ['train --policy l2 --dataset one --store DATA --data DATA', 2, /expected --queue URL with/],
  ['worker --queue postgres://h --store s3://LAB/x', 2, /expected s3:\/\/BUCKET\/PREFIX, got a b/],
  ['worker --data DATA', 2, /required option '--queue <url>'/],
  ['worker --queue redis://u:hidden@h', 2, /expected .*PostgreSQL.*, got one .* redis:\/\/; /],
  ['worker --queue nonsense', 2, /expected .*postgres:\/\/.*got no address; begin it/],

  ['demos generate --data DATA', 2, /required option '--out <name>'/],
  ['demos generate --out a --task juggle --data DATA', 2, /expected one of left-right.*"juggle"/],
  ['demos generate --out a --mode over --data DATA', 2, /expected one of left, right.*"over"/],
  ['demos generate --out a --episodes 0 --data DATA', 2, /whole number from 1 to 10000, got "0"/],
  ['demos generate --out a --episodes 2.5 --data DATA', 2, /whole number .* got "2.5"/],
  ['demos generate --out a --seed -1 --data DATA', 2, /from 0 to 4294967295, got "-1"/],
  ['demos generate --out a --control-hz 30 --data DATA', 2, /Allowed choices are 20, 50/],
  ['demos generate --out one --episodes 1 --data DATA', 1, /expected a name that is free.*"one"/],
  ['demos generate --out Bad! --data DATA', 2, /^error: .*1 to 64 of a–z.*\n.*at out\s*$/],
  ['demos show nowhere --data DATA', 2, /expected a dataset \(empty, one\), got "nowhere"/],
  ['demos trash nowhere --data DATA', 2, /expected a dataset \(empty, one\), got "nowhere"/],
  [
    'demos restore one --data DATA',
    2,
    /expected an entry of the trash \(there is none\), got "one"/,
  ],
  ['demos show ../one --data DATA', 2, /expected 1 to 64 of a-z/],
  ['demos show --data DATA', 2, /missing required argument 'name'/],
  ['demos verify nowhere --data DATA', 2, /expected a dataset \(empty, one\), got "nowhere"/],
  ['demos export nowhere --out DATA/x --data DATA', 2, /expected a dataset .* got "nowhere"/],
  ['demos import DATA/nowhere --out a --data DATA', 1, /ENOENT|not there/],
  ['demos import DATA --map foo=bar --data DATA', 2, /FEATURE=KEY .*observation\.state, .*foo=bar/],
  ['demos import DATA --resample 30 --data DATA', 2, /Allowed choices are 20, 50/],
  ['demos import FILE --out a --data DATA', 1, /expected the end of a ZIP archive, got none/],
  ['demos import DATA --out a --data DATA', 1, /info\.json: expected a file, got .*nothing/],
  ['demos edit delete one --data DATA', 2, /one of --episodes, --keep and --failures, got 0/],
  ['demos edit delete one --episodes 99 --data DATA', 2, /expected episodes among .*got 99/],
  ['demos edit delete one --episodes all --data DATA', 2, /episodes like 0-9,12, got "all"/],
  ['demos edit trim one --episode 0 --steps 9999 --data DATA', 2, /fewer than its .* got 9999/],
  ['demos edit relabel one --episodes 0 --mode over --data DATA', 2, /one of left, right.*"over"/],
  ['demos edit split one --by colour --data DATA', 2, /whole number .* got "colour"/],
  ['demos edit merge one --out a --data DATA', 2, /at least 2 datasets/],
  ['demos check nowhere --data DATA', 2, /expected a dataset .* got "nowhere"/],
  ['demos export one --out DATA --data DATA', 1, /expected no .*, but it exists/],

  ['demos export one --out DATA/no/such --data DATA', 2, /put such in, got .*not there; make it/],
  ['demos export one --out FILE/x --data DATA', 2, /put x in, got .*which is a file; make it/],
  ['demos export one --out DATA/datasets/one/x --data DATA', 2, /outside the dataset, got .*one/],
  ['demos export one --out DATA/link/x --data DATA', 2, /outside the dataset, got .*link/],

  ['train --data DATA', 2, /expected --policy NAME .* and --dataset NAME \(or --resume RUN\)/],
  ['train --policy flow --data DATA', 2, /expected --policy NAME .* and --dataset NAME/],
  ['train --seeds 0,1 --dataset one --data DATA', 2, /expected --policy NAME \(or --policies LIST/],
  ['train --policies l2 --policy flow --data DATA', 2, /'--policies <list>' cannot be used with/],
  ['train --policies l2,genius --dataset one --data DATA', 2, /expected some of .*got "genius"/],
  ['train --policies l2 --seeds 0,x --dataset one --data DATA', 2, /whole number .*, got "x"/],
  ['train --resume x --seeds 0,1 --data DATA', 2, /'--resume <run>' cannot be used with .*--seeds/],
  [
    'train --policy l2 --dataset one --queue postgres://h --processes 2 --data DATA',
    2,
    /'--queue <url>' cannot be used with .*--processes/,
  ],
  [
    'train --policies l2 --dataset one --flow-time beta --data DATA',
    2,
    /flowTime: expected a policy among those trained that has the choice, got l2; leave it out/,
  ],
  [
    'worker --take rollouts --queue postgres://h',
    2,
    /expected some of shards, demonstrations, trainings/,
  ],
  ['train --policy genius --dataset one --data DATA', 2, /Allowed choices are l2, diffusion, flow/],
  ['train --policy flow --dataset one --preset huge --data DATA', 2, /Allowed choices are quick/],
  ['train --policy flow --dataset nowhere --data DATA', 2, /expected a dataset .* got "nowhere"/],
  ['train --policy flow --dataset empty --data DATA', 1, /at least one episode.*got none/],
  ['train --policy flow --dataset one --steps 0 --data DATA', 2, /whole number from 1 .* got "0"/],
  ['train --policy flow --dataset Bad! --data DATA', 2, /1 to 64 of a–z.*\n.*at dataset\s*$/],
  [
    'reproduce --dataset one --data DATA',
    1,
    /expected the 200 episodes of seed 0 of left-right at 20 Hz, got 1/,
  ],
  [
    'reproduce --from flow --data DATA',
    2,
    /from flow: expected --policies flow, as its weights begin, got l2,diffusion,flow/,
  ],
  ['reproduce --from nowhere --policies flow --data DATA', 2, /got "nowhere"/],
  ['train --policy l2 --dataset one --from flow --data DATA', 1, /policy, "l2", got "flow"/],
  ['train --resume x --from flow --data DATA', 2, /cannot be used with .*--from/],
  ['train --policy l2 --dataset one --flow-time beta --data DATA', 2, /only flow and reflow have/],
  [
    'train --policy l2 --dataset one --prediction data --data DATA',
    2,
    /only diffusion chooses one/,
  ],
  [
    'train --policy diffusion --dataset one --prediction x --data DATA',
    2,
    /choices are epsilon, v/,
  ],
  ['train --policy flow --dataset one --flow-time cubic --data DATA', 2, /choices are uniform/],
  ['train --policy flow --dataset one --teacher flow --data DATA', 2, /only reflow learns from/],
  [
    'train --policy reflow --dataset one --teacher l2 --data DATA',
    1,
    /expected a flow.*regression/,
  ],
  ['train --policy reflow --dataset one --teacher nowhere --data DATA', 2, /got "nowhere"/],
  [
    'train --resume x --preset quick --data DATA',
    2,
    /'--resume <run>' cannot be used with .*--preset/,
  ],
  ['train --resume x --seed 0 --data DATA', 2, /'--resume <run>' cannot be used with .*--seed/],
  ['train --resume x --policy flow --data DATA', 2, /cannot be used with .*--policy/],
  ['train --resume nowhere --data DATA', 2, /expected none: train one first, got "nowhere"/],
  ['train --resume ../one --data DATA', 2, /got "\.\.\/one"/],

  ['evaluate --data DATA', 2, /expected one of --policy NAME .* and --run ID, got neither/],
  ['evaluate --policy l2 --run a --data DATA', 2, /and --run ID, got both/],
  ['evaluate --policy genius --data DATA', 2, /Allowed choices are l2, diffusion, flow/],
  ['evaluate --run nowhere --rollouts 1 --data DATA', 2, /train one first, got "nowhere"/],
  ['evaluate --run ../x --rollouts 1 --data DATA', 2, /or the id of a run, got "\.\.\/x"/],
  ['evaluate --policy flow --rollouts 0 --data DATA', 2, /from 1 to 10000, got "0"/],
  ['evaluate --policy flow --rollouts many --data DATA', 2, /whole number .* got "many"/],
  ['evaluate --policy flow --action-horizon 0 --data DATA', 2, /from 1 to 128, got "0"/],
  ['evaluate --policy flow --action-horizon 200 --data DATA', 2, /from 1 to 128, got "200"/],
  ['evaluate --policy flow --action-horizon 33 --data DATA', 2, /expected 1 to 32 .* got 33/],
  ['evaluate --policy flow --sampler ddim --data DATA', 2, /flow policy takes euler.*got "ddim"/],
  ['evaluate --policy diffusion --nfe 101 --data DATA', 2, /nfe: expected .* to 100, got 101/],
  ['evaluate --policy flow --nfe 0 --data DATA', 2, /from 1 to 1000, got "0"/],
  ['evaluate --policy diffusion --eta 2 --data DATA', 2, /number from 0 to 1, got "2"/],
  ['evaluate --policy diffusion --sampler ddpm --eta 1 --data DATA', 2, /eta: only ddim/],
  ['evaluate --policy flow --rollouts 4 --starts 5 --data DATA', 2, /expected 1 to 4, .* got 5; /],
  ['compare --starts 0 --data DATA', 2, /whole number from 1 to 10000, got "0"/],
  [`evaluate --policy flow --say ${'x'.repeat(201)} --data DATA`, 2, /at most 200 .* got 201/],
  [`instructions --policy flow --say ${'x'.repeat(201)} --data DATA`, 2, /at most 200 .* got 201/],
  ['evaluate --policy flow --seed 4294967296 --data DATA', 2, /from 0 to 4294967295, got /],

  ['compare --policies l2,, --data DATA', 2, /or the id of a run, got ""/],
  ['compare --policies l2;flow --data DATA', 2, /or the id of a run, got "l2;flow"/],
  ['compare --policies l2,../x --data DATA', 2, /or the id of a run, got "\.\.\/x"/],
  [
    'compare --policies flow:ddim --data DATA',
    2,
    /takes euler, heun, one-step or renoise, got "ddim"/,
  ],
  ['compare --policies flow:heun:6 --data DATA', 2, /odd number, got 6; use 5, or euler/],
  ['compare --policies flow:euler:0 --data DATA', 2, /from 1 to 1000, got 0/],
  ['compare --policies flow:euler:4:9 --data DATA', 2, /NAME:SAMPLER:NFE, got "flow:euler:4:9"/],
  ['compare --policies flow --eta 1 --data DATA', 2, /eta: only ddim/],
  ['compare --policies l2,nowhere --data DATA', 2, /got "nowhere"/],
  [
    'compare --action-horizons 8,64 --data DATA',
    2,
    /expected 1 to 32 \(the shortest plan\), got 64/,
  ],
  ['compare --action-horizons 8,,16 --data DATA', 2, /whole number from 1 to 128, got ""/],
  ['compare --action-horizons 8 --action-horizon 8 --data DATA', 2, /cannot be used with/],
  ['compare --until soon --data DATA', 2, /Allowed choices are decided/],
  ['compare --policies l2 --until decided --data DATA', 2, /two policies or more .* got one/],
  ['compare --until decided --delays 2 --data DATA', 2, /cannot be used with/],
  ['compare --within 0 --data DATA', 2, /number from 0.001 to 0.5, got "0"/],
  ['evaluate --policy flow --guidance 2 --data DATA', 2, /reads no instruction, got 2/],
  ['evaluate --policy flow --guidance -1 --data DATA', 2, /number from 0 to 100, got "-1"/],
  ['evaluate --policy flow --say left --data DATA', 2, /policies that read one, got "flow"/],
  ['compare --delays 0,13 --policies flow --data DATA', 2, /at most 12 .*asynchronous.* got 13/],
  ['compare --delays 2 --data DATA', 2, /expected a diffusion or flow policy.*got a regression/],
  ['compare --delays 2,-1 --policies flow --data DATA', 2, /whole number from 0 to 128, got "-1"/],
  ['compare --delays 2 --schemes magic --data DATA', 2, /some of synchronous, .*got "magic"/],
  ['compare --delays 2 --action-horizons 8 --data DATA', 2, /cannot be used with/],
  ['compare --action-horizon 64 --data DATA', 2, /expected 1 to 32 \(the shortest plan\), got 64/],

  ['demos list --data FILE', 2, /--data <dir>.*expected a directory, got .*which is a file/],
  ['demos list --data FILE/x', 2, /expected a directory, got .*which is a file/],
  ['train --policy l2 --dataset one --data FILE', 2, /expected a directory, got .*is a file/],
  ['serve --data FILE', 2, /expected a directory, got .*which is a file/],
  ['reproduce --out FILE --data DATA', 2, /--out <dir>.*expected a directory, got .*is a file/],
  ['reproduce --out DATA/datasets/one/x --data DATA', 2, /outside the datasets and runs, got/],
  ['reproduce --out DATA/runs --data DATA', 2, /outside the datasets and runs, got/],
  ['export --policy flow --out DATA --data DATA', 2, /a file to write, got .*is a directory; add/],
  ['export --policy flow --out DATA/new/ --data DATA', 2, /expected a file to write, got .*not/],
  ['export --policy flow --out DATA/no/x.onnx --data DATA', 2, /that is there, got .*make it/],
  ['export --policy flow --out FILE/x.onnx --data DATA', 2, /that is there, got .*is a file/],

  ['export --policy flow --data DATA', 2, /required option '--out <file>'/],
  ['export --policy flow --guidance 2 --out DATA/x --data DATA', 2, /guidance/],

  ['latency --policy l2 --run a --data DATA', 2, /and --run ID, got both/],
  ['latency --run nowhere --data DATA', 2, /got "nowhere"/],
  ['latency --control-hz 0 --data DATA', 2, /number from 1 to 1000, got "0"/],
  ['latency --seconds 0 --data DATA', 2, /number from .* got "0"/],
  ['latency --nfe 4,0 --data DATA', 2, /whole number from 1 to 1000, got "0"/],
  ['latency --csv --json --data DATA', 2, /--csv.*cannot be used with.*--json/],
  ['latency --seconds NaN --data DATA', 2, /number from .* got "NaN"/],
  ['latency --policy flow --sampler ddpm --data DATA', 2, /takes euler.*got "ddpm"/],
  ['latency --policy flow --action-horizon 33 --data DATA', 2, /1 to 32 .*got 33/],

  ['serve --port 65536 --data DATA', 2, /from 0 to 65535, got "65536"/],
  ['serve --port http --data DATA', 2, /from 0 to 65535, got "http"/],
];

describe('wrong usage', () => {
  it.each(WRONG)('%j ends with %d', async (line, code, said) => {
    const words = line.split(' ').filter((word) => word !== '');
    const result = await run(
      ...words.map((word) => word.replace('DATA', data).replace('FILE', join(data, 'file'))),
    );
    expect(result.stderr).toMatch(said);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    // A stack is for faults of the program.
    expect(result.stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('wrong usage with --json, in a process of its own,', () => {
  it.each([
    ['evaluate --policy flow --action-horizon 64 --json --data DATA', 2],
    ['train --policy flow --dataset empty --json --data DATA', 1],
  ])('leaves standard output empty: %j', async (line, code) => {
    const result = await cli(...line.split(' ').map((word) => word.replace('DATA', data)));
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^error: /m);
  });
});
