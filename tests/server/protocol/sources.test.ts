import { describe, expect, it } from 'vitest';
import { SHIPPED_NAMES } from '../../../policies/config/index.ts';
import { policySourceSchema } from '../../../server/protocol/source-schema.ts';
import {
  checkpointsAmong,
  isReplayable,
  LISTED_NAMES,
  methodOf,
  nameOfSource,
  runOf,
  sameSource,
  serversAmong,
  sourceName,
  sourceNamed,
} from '../../../server/protocol/sources.ts';

const FLOW = { kind: 'shipped', name: 'flow' } as const;
const RUN = { kind: 'run', id: 'flow-1' } as const;
const CHECKPOINT = { kind: 'lerobot', directory: 'lerobot:C:\\out, put/last' } as const;
const FILE = { kind: 'onnx', file: 'onnx:a b/policy.onnx' } as const;
const SERVER = { kind: 'server', url: 'ws://127.0.0.1:8000' } as const;

describe('a name', () => {
  it('is a policy that ships, else the id of a run, else nothing', () => {
    expect(sourceNamed('reflow')).toEqual({ kind: 'shipped', name: 'reflow' });
    expect(sourceNamed('reflow-1')).toEqual({ kind: 'run', id: 'reflow-1' });
    for (const name of ['', '../etc', 'Flow', 'a b', 'x'.repeat(65)]) {
      expect(sourceNamed(name)).toBeNull();
    }
  });

  it('is read back from its source', () => {
    for (const source of [FLOW, RUN, SERVER, CHECKPOINT, FILE])
      expect(sourceNamed(nameOfSource(source))).toEqual(source);
    expect([FLOW, RUN].map(sourceName)).toEqual(['"flow"', 'run flow-1']);
  });

  it('is listed where there are no others of its kind', () => {
    expect(LISTED_NAMES).toEqual(expect.arrayContaining([...SHIPPED_NAMES]));
  });
});

describe('a source', () => {
  it('is the same under the same name of the same kind', () => {
    expect(sameSource(FLOW, { ...FLOW })).toBe(true);
    expect(sameSource(FLOW, { kind: 'run', id: 'flow' })).toBe(false);
    expect(sameSource(RUN, { kind: 'run', id: 'flow-2' })).toBe(false);
  });

  it('tells the method of what ships, and the id of what is a run', () => {
    expect([FLOW, RUN].map(methodOf)).toEqual(['flow', null]);
    expect([FLOW, RUN].map(runOf)).toEqual([null, 'flow-1']);
  });

  it('is replayable but where somebody else answers', () => {
    expect([FLOW, RUN, CHECKPOINT, SERVER].map(isReplayable)).toEqual([true, true, true, false]);
  });

  it('says what it would have dialled and read', () => {
    expect(serversAmong([FLOW, SERVER, RUN, CHECKPOINT])).toEqual([SERVER.url]);
    expect(checkpointsAmong([FLOW, SERVER, FILE, RUN, CHECKPOINT])).toEqual([
      FILE.file,
      CHECKPOINT.directory,
    ]);
  });

  it.each([FLOW, RUN, SERVER, CHECKPOINT, FILE])('is taken from a request: %j', (source) => {
    expect(policySourceSchema.parse(source)).toEqual(source);
  });

  it.each([
    [{ kind: 'shipped', name: 'nobody' }, 'flow'],
    [{ kind: 'shipped', id: 'flow' }, 'id'],
    [{ kind: 'server', url: 'http://a' }, 'address of a policy server'],
    [{ kind: 'server', url: 'ws://user:word@a' }, 'address of a policy server'],
    [{ kind: 'lerobot', directory: '/etc' }, 'lerobot:DIR'],
    [{ kind: 'onnx', file: 'policy.onnx' }, 'onnx:FILE'],
    [{ kind: 'lerobot', directory: 'lerobot:' }, 'lerobot:DIR'],
    [{ kind: 'lerobot', directory: 'lerobot:a\0b' }, 'lerobot:DIR'],
    [{ kind: 'run', id: '../etc' }, 'expected 1 to 64 of a–z'],
    [{ kind: 'elsewhere', name: 'flow' }, 'kind'],
    [{ ...RUN, name: 'flow' }, 'name'],
  ])('is refused as %j', (source, message) => {
    const { error } = policySourceSchema.safeParse(source);
    expect(JSON.stringify(error?.issues)).toContain(message);
  });
});
