import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsSchema } from '../../../demos/store/facts.ts';
import { EXPERIMENT_LIMITS } from '../../../server/protocol/experiment-limits.ts';
import {
  LIMITS,
  REQUESTS,
  type RequestInput,
  type RequestName,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';

/** Requests by name; those to the stage by what they ask of it. */
type Command = RequestInput<'stage:command'>;
type Ask = RequestInput<'stage:ask'>;
type Example =
  | Exclude<RequestName, 'stage:command' | 'stage:ask'>
  | `stage:command ${Command['kind']}`
  | `stage:ask ${Ask['kind']}`;
type InputOf<E extends Example> = E extends `stage:command ${infer K}`
  ? Extract<Command, { kind: K }>
  : E extends `stage:ask ${infer K}`
    ? Extract<Ask, { kind: K }>
    : E extends RequestName
      ? RequestInput<E>
      : never;

/** A request of each kind with everything that can be given. */
const VALID: { readonly [E in Example]: InputOf<E> } = {
  hello: {},
  'stage:command set': {
    kind: 'set',
    settings: {
      task: 'left-right',
      lanes: [
        { policy: { kind: 'shipped', name: 'flow' }, sampler: 'euler', nfe: 10 },
        { policy: { kind: 'run', id: 'flow-20250101-000000-abcd' }, guidance: 7.5 },
      ],
      seed: 3,
      noise: 5,
      episode: 2,
      actionHorizon: 16,
      fan: 8,
      speed: 2,
      attention: true,
      objects: [
        [0.68, 0.01],
        [0.7, -0.1],
      ],
      instruction: 'hand me the red apple',
    },
  },
  'stage:command play': {
    kind: 'play',
    playing: true,
    until: { request: 3, episode: 2, step: 34 },
  },
  'stage:command speed': { kind: 'speed', speed: 0.5 },
  'stage:command attention': { kind: 'attention', attention: true },
  'stage:command next': { kind: 'next' },
  'stage:go-on': { episodeId: 7, lane: 1, step: 16, replayHash: '0123456789abcdef' },
  'stage:ask commands': { kind: 'commands', episodeId: 7, lane: 1, step: 16 },
  'stage:ask ending': { kind: 'ending', episodeId: 7, lane: 1, step: 16 },
  'stage:ask denoise': { kind: 'denoise', episodeId: 7, lane: 1, step: 16, calls: 4 },
  'stage:ask plane': { kind: 'plane', episodeId: 7, lane: 1, step: 16 },
  'stage:ask turn': {
    kind: 'turn',
    episodeId: 7,
    lane: 1,
    step: 16,
    calls: 2,
    points: [[0.5, -2.5]],
    paths: true,
  },
  'train:start': { policy: 'l2', preset: 'quick', dataset: 'demos', steps: 10, seed: 1 },
  'train:stop': { id: 'l2-1' },
  'train:resume': { id: 'l2-1' },
  'run:metrics': { id: 'l2-1' },
  'run:rename': { id: 'l2-1', title: 'the first' },
  'run:trash': { id: 'l2-1' },
  'run:restore': { id: 'l2-1.20250101T000000000Z' },
  'demos:overview': { name: 'demos' },
  'demos:episode': { name: 'demos', episode: 3, hash: 'abc' },
  'demos:make-set': { hash: 'abc' },
  'demos:generate': {
    task: 'left-right',
    episodes: 4,
    seed: 1,
    out: 'demos',
    controlHz: 50,
    pushes: false,
    mode: 'left',
  },
  'demos:episodes': { name: 'demos' },
  'demos:trash': { name: 'demos' },
  'demos:restore': { id: 'demos.20250101T000000000Z' },
  'demos:edit': { name: 'demos', hash: 'abc', edit: { kind: 'delete', episodes: '0-9,12' } },
  'demos:split': { name: 'demos', hash: 'abc', by: 'mode' },
  'demos:merge': { names: ['demos', 'mine'], out: 'all' },
  'record:save': {
    task: 'left-right',
    dataset: 'mine',
    controlHz: 20,
    seed: 4,
    initial: { joints: [0, 0, 0, 0, 0, 0, 0], gripperOpening: 0.08, objects: [[0.68, 0, 0.03]] },
    replayHash: '0123456789abcdef',
  },
  'compare:start': {
    policies: [{ policy: { kind: 'shipped', name: 'l2' } }],
    rollouts: 4,
    starts: 4,
    seed: 2,
    actionHorizon: 8,
    perturbations: ['mass=4', 'friction=0.5+push=0.005'],
  },
  'experiments:list': {},
  'experiment:open': { name: 'sweep' },
  'experiment:rollouts': { name: 'sweep', contender: 2, from: 100 },
  'experiment:continue': { name: 'sweep' },
  'experiment:rename': { name: 'sweep', title: 'the wide one' },
  'experiment:trash': { name: 'sweep' },
  'experiment:restore': { id: 'sweep.20250101T000000000Z' },
  'job:stop': { id: 'compare-00000000' },
  'lesson:actions': { dataset: 'demos', episode: 3 },
  'lesson:noise-levels': {
    policy: { kind: 'shipped', name: 'flow' },
    dataset: 'demos',
    bins: 5,
  },
  'pictures:painters': {},
  'pictures:draw': {
    painter: 'flow64',
    pictures: [
      {
        caption: 'a red cat wearing a party hat',
        seed: 3,
        guidance: 7.5,
        towards: { caption: 'a blue cat', share: 0.5 },
      },
    ],
    sampler: 'euler',
    calls: 20,
    keep: true,
  },
  'pictures:stop': {},
  'pictures:noise-levels': { painter: 'flow64', bins: 5 },
};

const EXAMPLES = Object.keys(VALID) as Example[];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** Every place of a value, with what stands there. */
function places(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => places(each, [...path, key]))
      : [];
  return [{ path, value }, ...inside];
}

/** A copy with something else in one place. */
function replaced(value: unknown, path: Path, by: unknown): unknown {
  if (path.length === 0) return by;
  const copy = structuredClone(value);
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path[path.length - 1]] = by;
  return copy;
}

function schemaOf(example: Example) {
  return REQUESTS[example.split(' ')[0] as RequestName];
}

function accepts(example: Example, request: unknown): boolean {
  return schemaOf(example).safeParse(request).success;
}

const leaves = (kind: string) =>
  EXAMPLES.flatMap((name) =>
    places(VALID[name])
      .filter(({ value }) => typeof value === kind)
      .map(({ path, value }) => ({ name, path, value, title: `${name} ${path.join('.')}` })),
  );

describe.each(EXAMPLES)('%s', (name) => {
  it('takes what it was made for', () => {
    expect(schemaOf(name).safeParse(VALID[name]).error).toBeUndefined();
  });

  it('refuses a key it does not know, anywhere', () => {
    const objects = places(VALID[name]).filter(
      ({ value }) => typeof value === 'object' && !Array.isArray(value),
    );
    for (const { path, value } of objects) {
      for (const key of ['extra', 'constructor', 'toString', '__proto__']) {
        const json = JSON.stringify(value).replace(/\}$/, '');
        const text = `${json}${json === '{' ? '' : ','}${JSON.stringify(key)}:{"polluted":1}}`;
        expect(accepts(name, replaced(VALID[name], path, JSON.parse(text))), text).toBe(false);
      }
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('refuses everything that is no object', () => {
    for (const other of [undefined, null, 0, '', 'x', true, [], [VALID[name]], () => {}]) {
      expect(accepts(name, other)).toBe(false);
    }
  });

  it('never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        accepts(name, value);
        for (const key of Object.keys(VALID[name])) {
          accepts(name, replaced(VALID[name], [key], value as Json));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a number', () => {
  it.each(leaves('number'))('$title is finite, in range and no text', ({ name, path }) => {
    const wrong = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '1', [1], true];
    for (const value of wrong) {
      expect(accepts(name, replaced(VALID[name], path, value)), String(value)).toBe(false);
    }
  });

  it.each<[Example, Path, readonly number[]]>([
    ['stage:command set', ['settings', 'seed'], [-1, 0.5, 2 ** 32]],
    ['stage:command set', ['settings', 'episode'], [-1, 65_536]],
    ['stage:command set', ['settings', 'actionHorizon'], [0, 129, 1.5]],
    ['stage:command set', ['settings', 'fan'], [0, LIMITS.fan + 1]],
    ['stage:command set', ['settings', 'speed'], [0, -1, 8.5]],
    ['stage:command set', ['settings', 'lanes', 0, 'nfe'], [0, -1, 1.5]],
    ['stage:command set', ['settings', 'lanes', 1, 'guidance'], [-0.5, LIMITS.guidance + 1]],
    ['stage:command speed', ['speed'], [0, 9]],
    ['train:start', ['steps'], [0, 1.5, 1e9]],
    ['train:start', ['seed'], [-1, 2 ** 32]],
    ['demos:generate', ['seed'], [-1, 0.5, 2 ** 32]],
    ['compare:start', ['seed'], [-1, 0.5, 2 ** 32]],
    ['demos:generate', ['episodes'], [0, LIMITS.episodes + 1]],
    ['demos:generate', ['controlHz'], [0, 21, 100]],
    ['record:save', ['controlHz'], [0, 21, 100]],
    ['record:save', ['seed'], [-1, 0.5]],
    ['compare:start', ['rollouts'], [0, LIMITS.rollouts + 1]],
    ['compare:start', ['starts'], [0, 1.5, 5]],
    ['compare:start', ['actionHorizon'], [0, 129]],
  ])('of %s at %j is refused outside its range', (name, path, values) => {
    for (const value of values) {
      expect(accepts(name, replaced(VALID[name], path, value)), String(value)).toBe(false);
    }
  });
});

it.each<[Example, Path]>([
  ['stage:command set', ['settings', 'seed']],
  ['train:start', ['seed']],
  ['demos:generate', ['seed']],
  ['compare:start', ['seed']],
])(
  'the seed of %s is any of 32 bits, those that published protocols begin with too',
  (name, path) => {
    for (const seed of [0, 16_383, 16_384, 100_000, 2 ** 31, 2 ** 32 - 1]) {
      expect(accepts(name, replaced(VALID[name], path, seed)), String(seed)).toBe(true);
    }
  },
);

describe('a name', () => {
  const fields = new Set(['task', 'id', 'out', 'mode', 'name', 'dataset']);
  const named = leaves('string').filter(
    ({ name, path }) => fields.has(String(path.at(-1))) && name !== 'demos:restore',
  );

  it('is asked for in many requests', () => {
    expect(named.length).toBeGreaterThan(10);
  });

  it.each(named)('$title leads nowhere', ({ name, path }) => {
    const wrong = ['', '.', '..', '../x', 'a/b', 'a\\b', '/etc', 'A', ' a', 'a\n', 'a\0', '%2e%2e'];
    for (const value of [...wrong, 'a'.repeat(65)]) {
      expect(accepts(name, replaced(VALID[name], path, value)), JSON.stringify(value)).toBe(false);
    }
  });
});

function showing(instruction: unknown): [Example, unknown] {
  const name = 'stage:command set';
  return [name, replaced(VALID[name], ['settings', 'instruction'], instruction)];
}

describe('an instruction', () => {
  it('is any text, the empty one too, that is not too long', () => {
    const says = (instruction: unknown) => accepts(...showing(instruction));
    expect(says('')).toBe(true);
    expect(says('把红球给我 <b>\n')).toBe(true);
    expect(says('x'.repeat(LIMITS.instruction))).toBe(true);
    expect(says('x'.repeat(LIMITS.instruction + 1))).toBe(false);
    for (const other of [null, 7, ['red']]) expect(says(other)).toBe(false);
  });
});

it('an instruction is as long in a comparison as on the stage, in a recording and on disk', () => {
  const longest = 'x'.repeat(LIMITS.instruction);
  const recording = VALID['record:save'];
  const saying = (instruction: string) => [
    accepts(...showing(instruction)),
    accepts('compare:start', { ...VALID['compare:start'], instruction }),
    accepts('record:save', { ...recording, initial: { ...recording.initial, instruction } }),
    factsSchema.shape.initial.safeParse({ ...recording.initial, instruction }).success,
  ];
  expect(saying(longest)).toEqual([true, true, true, true]);
  expect(saying(`${longest}x`)).toEqual([false, false, false, false]);
});

describe('a list', () => {
  it.each<[Example, Path, number, number]>([
    ['stage:command set', ['settings', 'lanes'], 1, 4],
    ['stage:command set', ['settings', 'objects'], 1, LIMITS.objects],
    ['compare:start', ['policies'], 1, 8],
    ['compare:start', ['perturbations'], 1, EXPERIMENT_LIMITS.perturbations],
  ])('of %s (%s) has %d to %d entries', (name, path, least, most) => {
    const list = places(VALID[name]).find((each) => each.path.join() === path.join())?.value;
    const [first] = list as unknown[];
    const request = (length: number) => replaced(VALID[name], path, new Array(length).fill(first));
    expect(accepts(name, request(least))).toBe(true);
    expect(accepts(name, request(most))).toBe(true);
    expect(accepts(name, request(least - 1))).toBe(false);
    expect(accepts(name, request(most + 1))).toBe(false);
  });

  it('of joints has seven, of positions three', () => {
    const at = (path: Path, by: unknown) =>
      accepts('record:save', replaced(VALID['record:save'], path, by));
    expect(at(['initial', 'joints'], [0, 0, 0, 0, 0, 0])).toBe(false);
    expect(at(['initial', 'objects', 0], [0, 0])).toBe(false);
    expect(at(['initial', 'objects'], new Array(9).fill([0, 0, 0]))).toBe(false);
  });
});

it.each(['0123456789ABCDEF', '0123', '', '0123456789abcdef0'])(
  'a recording with the fingerprint %j is refused',
  (replayHash) => {
    expect(accepts('record:save', { ...VALID['record:save'], replayHash })).toBe(false);
  },
);

it('fills in what may be left out', () => {
  const lanes = [{ policy: { kind: 'shipped', name: 'flow' } }];
  expect(stageSettingsSchema.parse({ lanes })).toEqual({
    task: 'left-right',
    lanes,
    seed: 0,
    noise: 0,
    episode: 0,
    fan: 16,
    speed: 1,
    attention: false,
    request: 0,
  });
  expect(REQUESTS['demos:generate'].parse({ episodes: 2, out: 'a' })).toEqual({
    task: 'left-right',
    episodes: 2,
    seed: 0,
    out: 'a',
    controlHz: 20,
    pushes: true,
  });
});

it('lets the longest recording through the largest message', () => {
  const commands = LIMITS.recordingSteps * 8 * Float32Array.BYTES_PER_ELEMENT;
  const request = JSON.stringify(VALID['record:save']).length;
  expect(commands + 4 * request).toBeLessThan(LIMITS.messageBytes);
});
