/** Files that machines share, in a directory and in an object store: the same promises, kept by both. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Artefacts, openArtefacts } from '../../../server/artefacts/index.ts';
import { S3Artefacts, type S3Options } from '../../../server/artefacts/s3.ts';
import { parseS3Address } from '../../../server/artefacts/s3-address.ts';
import { ContradictionError, ExperimentDirectory } from '../../../server/experiments/directory.ts';
import { mergeShards } from '../../../server/experiments/merge.ts';
import { encodeMerged } from '../../../server/experiments/merged-file.ts';
import { shardsOf } from '../../../server/experiments/shard.ts';
import { survey } from '../../../server/experiments/survey.ts';
import { keepResult, somePlan, someResult } from '../../support/experiments.ts';
import { deadEndpoint, type Fault, type S3Store, startS3 } from '../../support/s3.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const BUCKET = 'bucket';
let store: S3Store;

beforeAll(async () => {
  store = await startS3(BUCKET);
});
afterAll(() => store.close());

let places = 0;
/** A place in the object store that nobody else uses. */
function somewhere(): string {
  return `s3://${BUCKET}/place-${places++}`;
}

function opened(options: S3Options, place = somewhere()): S3Artefacts {
  return new S3Artefacts(parseS3Address(place), { onTrouble: () => {}, ...options });
}

const text = async (read: Promise<Uint8Array>) => Buffer.from(await read).toString();

describe.each<[string, () => Promise<Artefacts>]>([
  ['a directory', async () => openArtefacts(await temporaryDirectory())],
  ['an object store', async () => openArtefacts(somewhere())],
])('%s', (_, open) => {
  it('gives back what was written last, lists it by its beginning, and forgets what was removed', async () => {
    const files = await open();
    expect(await files.list('shards/')).toEqual([]);
    await files.write('shards/b.1', 'old');
    await files.write('shards/b.1', 'new');
    await files.write('shards/a.1', Buffer.from([1, 2, 3]));
    await files.write('plan', 'plan');
    expect(await text(files.read('shards/b.1', 3))).toBe('new');
    expect(new Uint8Array(await files.read('shards/a.1', 3))).toEqual(new Uint8Array([1, 2, 3]));
    expect(await files.list('shards/')).toEqual(['shards/a.1', 'shards/b.1']);
    expect(await files.list('shards/b')).toEqual(['shards/b.1']);
    expect(await files.list('pl')).toEqual(['plan']);
    await files.remove('shards/b.1');
    await files.remove('shards/b.1');
    await files.remove('nowhere/b.1');
    expect(await files.list('shards/')).toEqual(['shards/a.1']);
  });

  it('creates a file once', async () => {
    const files = await open();
    expect(await files.create('plan.json', 'mine')).toBe(true);
    expect(await files.create('plan.json', 'theirs')).toBe(false);
    expect(await text(files.read('plan.json', 100))).toBe('mine');
  });

  it('reads nothing that is not there, or larger than is believed', async () => {
    const files = await open();
    await files.write('shards/a.1', 'four');
    await expect(files.read('shards/a.1', 3)).rejects.toMatchObject({ code: 'too-large' });
    await expect(files.read('shards/c.1', 3)).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('an object store', () => {
  it('lists more names than a page has', async () => {
    const files = opened({ namesAPage: 2 });
    const names = ['many/a', 'many/b', 'many/c', 'many/d', 'many/e'];
    for (const name of names) await files.write(name, '');
    expect(await files.list('many/')).toEqual(names);
  });

  it.each<[string, Fault]>([
    ['an internal error', { status: 500, code: 'InternalError' }],
    ['the wish that one slows down', { status: 503, code: 'SlowDown' }],
    ['a broken line', 'cut off'],
    ['silence', 'silence'],
  ])('is asked again after %s, and one is told so once', async (_, fault) => {
    const said: string[] = [];
    const place = somewhere();
    const files = opened({ answerMs: 400, onTrouble: (message) => said.push(message) }, place);
    await files.write('a', 'content');
    store.faults.push(fault, fault);
    expect(await text(files.read('a', 100))).toBe('content');
    expect(said).toEqual([
      expect.stringMatching(/^s3:.*expected an object store that answers, got .*; trying again$/),
      `${place}: it answers again`,
    ]);
    if (fault === 'cut off') return;
    store.faults.push(fault);
    await files.write('a', 'other');
    store.faults.push(fault);
    expect(await files.list('')).toEqual(['a']);
    expect(await text(files.read('a', 100))).toBe('other');
  });

  it('says so where another has created the file since it was not there', async () => {
    const place = somewhere();
    const [one, other] = [opened({}, place), opened({}, place)];
    store.faults.push(null, () => other.write('plan.json', 'theirs'));
    expect(await one.create('plan.json', 'mine')).toBe(false);
    expect(await text(one.read('plan.json', 100))).toBe('theirs');
    await one.remove('plan.json');
    expect(await one.create('plan.json', 'mine')).toBe(true);
  });

  it('that knows no conditions keeps the later of the two', async () => {
    const place = somewhere();
    const [one, other] = [opened({}, place), opened({}, place)];
    store.knowsConditions = false;
    store.faults.push(null, () => other.write('plan.json', 'theirs'));
    expect(await one.create('plan.json', 'mine')).toBe(true);
    store.knowsConditions = true;
    expect(await text(one.read('plan.json', 100))).toBe('mine');
  });

  it('is asked again to create a file where others were at it, and finds its own where it was not heard', async () => {
    const files = opened({});
    store.faults.push(null, { status: 409, code: 'ConditionalRequestConflict' });
    expect(await files.create('plan.json', 'mine')).toBe(true);
    store.faults.push(null, 'unheard');
    expect(await files.create('other.json', 'mine')).toBe(false);
    expect(await text(files.read('other.json', 100))).toBe('mine');
  });

  it('is given up after a while', async () => {
    const files = opened({ patienceMs: 0 });
    store.faults.push({ status: 503, code: 'SlowDown' });
    await expect(files.list('')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('got SlowDown: as the test asks (503); see whether it runs'),
    });
  });

  it.each([
    [403, 'InvalidAccessKeyId', 'unauthorized', 'set AWS_ACCESS_KEY_ID'],
    [403, 'SignatureDoesNotMatch', 'unauthorized', 'set AWS_ACCESS_KEY_ID'],
    [403, 'AccessDenied', 'unauthorized', 'allow s3:ListBucket'],
    [301, 'PermanentRedirect', 'invalid-request', 'AWS_REGION'],
    [403, 'RequestTimeTooSkewed', 'failed', 'set the clock'],
    [507, 'InsufficientStorage', 'failed', 'make room'],
  ])(
    'that answers %i %s is asked once, and the error says what helps',
    async (status, said, code, cure) => {
      const files = opened({});
      store.requests.length = 0;
      store.faults.push({ status, code: said });
      await expect(files.write('a', '')).rejects.toMatchObject({
        code,
        message: expect.stringContaining(cure),
      });
      expect(store.requests).toHaveLength(1);
    },
  );

  it('without the bucket, or with nobody there, is said in a sentence', async () => {
    await expect(openArtefacts('s3://no-bucket/a').list('')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('expected a bucket of that name, got NoSuchBucket'),
    });
    const there = process.env.AWS_ENDPOINT_URL ?? '';
    vi.stubEnv('AWS_ENDPOINT_URL', await deadEndpoint());
    await expect(opened({ patienceMs: 0 }).list('')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/ECONNREFUSED.*AWS_ENDPOINT_URL/),
    });
    vi.stubEnv('AWS_ENDPOINT_URL', there);
  });

  it.each([
    's3://',
    's3://B/x',
    's3://ab/x',
    's3://key:secret@bucket/x',
    's3://bucket//x',
    's3://bucket/a/../b',
    's3://bucket/a b',
    's3://bucket/a#1/2/3',
    `s3://bucket/${'a'.repeat(600)}`,
  ])('is refused as %s, without its text', (place) => {
    const refusal = () => openArtefacts(place);
    expect(refusal).toThrow(/^expected s3:\/\/BUCKET\/PREFIX, got /);
    expect(refusal).not.toThrow('secret');
  });
});

describe('an experiment in an object store', () => {
  async function planned(): Promise<ExperimentDirectory> {
    const directory = new ExperimentDirectory(somewhere());
    await directory.writePlan(somePlan());
    return directory;
  }
  const tableOf = async (directory: ExperimentDirectory) => {
    const plan = await directory.readPlan();
    return encodeMerged(plan, mergeShards(plan, survey(plan, await directory.readShards()), ''));
  };

  it('merges to the table of one in a directory, to the bit, whoever ran its shards and how often', async () => {
    const local = new ExperimentDirectory(await temporaryDirectory());
    await local.writePlan(somePlan());
    const remote = await planned();
    // Somebody else on another machine, who takes some of the same.
    const other = new ExperimentDirectory(remote.path);
    await other.writePlan(somePlan());
    const shards = shardsOf(somePlan());
    for (const { description } of shards) await keepResult(local, description);
    await Promise.all([
      ...shards.slice(0, 4).map(({ description }) => keepResult(remote, description)),
      ...shards.slice(2).map(({ description }) => keepResult(other, description)),
    ]);
    expect(await tableOf(remote)).toEqual(await tableOf(local));
    expect(await remote.readShards()).toHaveLength(shards.length);
  });

  it('is planned once where two plan at the same moment, and by one who was not heard', async () => {
    const directory = new ExperimentDirectory(somewhere());
    const other = new ExperimentDirectory(directory.path);
    store.faults.push(null, () => other.writePlan(somePlan({ seed: 4 })));
    await expect(directory.writePlan(somePlan())).rejects.toMatchObject({ code: 'exists' });
    const alone = new ExperimentDirectory(somewhere());
    store.faults.push(null, 'unheard');
    await alone.writePlan(somePlan());
    expect(await alone.readPlan()).toEqual(somePlan());
  });

  it('refuses another plan, and two results of one shard', async () => {
    const directory = await planned();
    await expect(directory.writePlan(somePlan({ seed: 4 }))).rejects.toMatchObject({
      code: 'exists',
    });
    const [{ description }] = shardsOf(somePlan());
    await keepResult(directory, description);
    const { rollouts, engine } = someResult(description);
    const stranger = rollouts.map((rollout) => ({ ...rollout, steps: rollout.steps + 1 }));
    const again = keepResult(directory, description, { engine, rollouts: stranger });
    await expect(again).rejects.toBeInstanceOf(ContradictionError);
  });

  it('knows an object that is not what was written, and replaces it when its shard runs again', async () => {
    const directory = await planned();
    const [{ description }] = shardsOf(somePlan());
    await keepResult(directory, description);
    const [{ path }] = await directory.readShards();
    const name = path.slice(directory.path.length + 1);
    await openArtefacts(directory.path).write(name, 'spoilt');
    const [{ shard, problem }] = await directory.readShards();
    expect([shard, problem]).toEqual([null, expect.stringContaining('expected bytes of sha-256')]);
    await keepResult(directory, description);
    expect(await directory.readShards()).toMatchObject([{ problem: null }]);
  });
});
