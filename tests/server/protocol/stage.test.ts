import { expect, it } from 'vitest';
import {
  type StageCommand,
  stageCommandSchema,
  stageSettingsSchema,
} from '../../../server/protocol/stage.ts';
import { stageAfter } from '../../../server/protocol/stage-state.ts';

const settings = stageSettingsSchema.parse({
  lanes: [{ policy: { kind: 'shipped', name: 'flow' } }],
});
const set = (changed: Partial<typeof settings> = {}): StageCommand => {
  return { kind: 'set', settings: { ...settings, ...changed } };
};
const after = (...commands: readonly StageCommand[]) =>
  commands.reduce<ReturnType<typeof stageAfter>>(stageAfter, null);

it('a stage plays as it was set, until it is asked to rest', () => {
  expect(after(set())).toEqual({ settings, playing: true });
  expect(after(set(), { kind: 'play', playing: false })).toEqual({ settings, playing: false });
});

it('other settings bring a pace of their own and leave a stage that rests at rest', () => {
  const commands: StageCommand[] = [
    set(),
    { kind: 'play', playing: false },
    { kind: 'speed', speed: 4 },
    { kind: 'attention', attention: true },
  ];
  const faster = { ...settings, speed: 4, attention: true };
  expect(after(...commands)).toEqual({ settings: faster, playing: false });
  expect(after(...commands, set({ seed: 7 }))).toEqual({
    settings: { ...settings, seed: 7 },
    playing: false,
  });
});

it('a moment that is waited for is so until somebody plays or rests otherwise', () => {
  const until = { request: 1, episode: 2, step: 34 };
  const waiting = after(set(), { kind: 'play', playing: true, until });
  expect(waiting).toEqual({ settings, playing: true, until });
  const again = stageAfter(waiting, set({ seed: 7 }));
  expect(again).toMatchObject({ playing: true, until });
  const further = { ...until, request: 2 };
  const moved = stageAfter(again, { kind: 'set', settings, until: further });
  expect(moved).toMatchObject({ playing: true, until: further });
  const rested = stageAfter(again, { kind: 'play', playing: false });
  expect(rested?.until).toBeUndefined();
});

it('the next episode is asked for once, not again of a stage that takes the place', () => {
  const before = after(set());
  expect(stageAfter(before, { kind: 'next' })).toBe(before);
});

it('nothing but settings opens a stage', () => {
  for (const { shape } of stageCommandSchema.options) {
    const [kind] = shape.kind.values;
    if (kind === 'set') continue;
    const command = { kind, playing: false, speed: 2, attention: true } as StageCommand;
    expect(stageAfter(null, command), kind).toBeNull();
  }
});
