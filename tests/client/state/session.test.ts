import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { Player } from '../../../client/playback/player.ts';
import { createSession, type Session } from '../../../client/state/session.ts';
import { createSettings, type Settings } from '../../../client/state/settings.ts';
import {
  type Fan,
  packFan,
  packFrame,
  type StageEpisode,
  type StageFrame,
} from '../../../server/protocol/index.ts';
import { episodeInfo, fanAt, frameAt } from '../playback/support.ts';
import { type FakeConnection, fakeConnection } from './support.ts';

let connection: FakeConnection;
let settings: Settings;
let player: Player;
let session: Session;
let refused: string[];

beforeEach(() => {
  connection = fakeConnection();
  settings = createSettings();
  settings.seed.value = 0;
  player = new Player(settings.speed);
  refused = [];
  session = createSession({
    connection,
    settings,
    player,
    held: signal(false),
    onRunRefused: (run) => refused.push(run),
  });
});

const bytes = (packed: Float32Array) => packed.slice().buffer as ArrayBuffer;
const sendFrame = (frame: StageFrame) =>
  connection.say('stage:frame', bytes(packFrame(frame)), () => {});
const sendFan = (fan: Fan) => connection.say('stage:fan', bytes(packFan(fan)), () => {});
const begin = (change: Partial<StageEpisode> = {}) =>
  connection.say('stage:episode', episodeInfo(change));
const settingsSent = () =>
  connection.asked.filter(({ name }) => name === 'stage:set').map(({ request }) => request);

const SHIPPED = { kind: 'shipped', name: 'flow' } as const;
const RUN = { kind: 'run', id: 'flow-1' } as const;

describe('what comes of an episode', () => {
  it('is shown; stragglers of the one before are not, however early they come', () => {
    begin({ id: 4 });
    sendFrame(frameAt(0, {}, 4));
    begin({ id: 5, episode: 1 });
    sendFrame(frameAt(3, {}, 4));
    sendFan(fanAt(1, 3, ['left'], 4));
    expect(player.current?.empty).toBe(true);
    expect(session.planTimes.value).toEqual([]);
    sendFrame(frameAt(0, {}, 5));
    sendFan(fanAt(1, 0, ['left'], 5));
    expect(player.current?.lastStep).toBe(0);
    expect(player.current?.empty).toBe(false);
    expect(session.planTimes.value).toMatchObject([{ lane: 'flow', number: 0 }]);
  });

  it('is shown whole at any pace: an episode of eight times real time is no straggler', () => {
    begin();
    for (let step = 0; step < 180; step++) sendFrame(frameAt(step));
    expect(player.current?.lastStep).toBe(179);
  });

  it('is left out where it is of a seed that has been overtaken', () => {
    settings.seed.value = 3;
    begin({ seed: 2, episode: 9 });
    expect(player.current).toBeNull();
    expect(settings.episode.value).toBe(0);
    begin({ seed: 3 });
    expect(player.current?.info.seed).toBe(3);
  });
});

describe('another start', () => {
  it('is asked for once', () => {
    const before = settingsSent().length;
    session.goTo({ seed: 5, episode: 2 });
    expect(settingsSent().slice(before)).toMatchObject([{ seed: 5, episode: 2 }]);
  });

  it('is begun anew where it is the same', () => {
    const before = settingsSent().length;
    session.goTo({ seed: 0, episode: 0 });
    expect(settingsSent()).toHaveLength(before + 1);
  });
});

describe('settings that make no stage', () => {
  const invalid = (message: string) => ({ code: 'invalid-request' as const, message });

  it('are put right where they are a run beside policies it does not go with', () => {
    begin();
    settings.sources.flow.value = RUN;
    connection.say(
      'stage:error',
      invalid('expected policies of one controlHz, got 20 ("l2", "diffusion") and 50 (run flow-1)'),
    );
    expect(refused).toEqual(['flow-1']);
    expect(settings.sources.flow.value).toEqual(SHIPPED);
    expect(session.error.value).toBeNull();
  });

  it('stay said while the stage before them goes on, until others are sent', () => {
    begin();
    settings.actionHorizon.value = 100;
    connection.say('stage:error', invalid('action horizon: expected 1 to 32, got 100'));
    expect(session.error.value?.message).toContain('got 100');
    begin({ id: 2, episode: 1 });
    expect(session.error.value?.message).toContain('got 100');
    settings.actionHorizon.value = 8;
    expect(session.error.value).toBeNull();
  });

  it('are not to blame where the stage broke down: its next episode clears that', () => {
    connection.say('stage:error', { code: 'failed', message: 'stages: its process ended early' });
    expect(session.error.value?.code).toBe('failed');
    begin();
    expect(session.error.value).toBeNull();
  });
});
