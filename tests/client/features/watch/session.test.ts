import { type Signal, signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { Player } from '../../../../client/features/watch/playback/player.ts';
import { createSession, type Session } from '../../../../client/features/watch/session.ts';
import { FIRST_CHOICES, type PerLane, perLane } from '../../../../client/shared/lanes/lanes.ts';
import { createSettings, type Settings } from '../../../../client/shared/lanes/settings.ts';
import type { ConnectionStatus } from '../../../../client/shared/link/connection.ts';
import { readUrlState } from '../../../../client/shell/address/url-state.ts';
import { createView } from '../../../../client/shell/view.ts';
import {
  type Fan,
  type Lane,
  packFan,
  packFrame,
  type StageEpisode,
  type StageFrame,
  type StageProblem,
  stageCommandSchema,
} from '../../../../server/protocol/index.ts';
import { type FakeConnection, fakeConnection } from '../../support.ts';
import { episodeInfo, fanAt, frameAt as twoLanesAt } from './playback/support.ts';

let connection: FakeConnection;
let settings: Settings;
let player: Player;
let session: Session;
let refused: string[];
let first: Signal<PerLane<Lane | null>>;

/** Acts at another rate than all others. */
const FAST: Lane['policy'] = { kind: 'run', id: 'fast' };

beforeEach(() => {
  connection = fakeConnection();
  settings = createSettings();
  settings.seed.value = 0;
  player = new Player(settings.speed);
  refused = [];
  first = signal<PerLane<Lane | null>>(FIRST_CHOICES);
  session = createSession({
    connection,
    settings,
    player,
    first,
    chosen: (lane, choice) =>
      perLane((each) =>
        each === lane || choice.policy === FAST ? choice : settings.lanes[each].value,
      ),
    held: signal(false),
    onRunRefused: (run) => refused.push(run),
  });
});

function frameAt(...of: Parameters<typeof twoLanesAt>): StageFrame {
  const frame = twoLanesAt(...of);
  return { ...frame, lanes: [...frame.lanes, frame.lanes[0]] };
}

const bytes = (packed: Float32Array) => packed.slice().buffer as ArrayBuffer;
const sendFrame = (frame: StageFrame) =>
  connection.say('stage:frame', bytes(packFrame(frame)), () => {});
const sendFan = (fan: Fan) => connection.say('stage:fan', bytes(packFan(fan)), () => {});
const commandsSent = () =>
  connection.asked
    .filter(({ name }) => name === 'stage:command')
    .map(({ request }) => stageCommandSchema.parse(request));
const settingsSent = () =>
  commandsSent().flatMap((command) => (command.kind === 'set' ? [command.settings] : []));
const lastRequest = () => settingsSent().at(-1)?.request ?? 0;

const laneInfo = (name: 'l2' | 'diffusion' | 'flow', sampler: string, nfe: number) => ({
  policy: name,
  source: { kind: 'shipped' as const, name },
  sampler,
  nfe,
  eta: 0,
  parameters: 1000,
  predHorizon: 32,
  guidance: 1,
  tokens: [],
  unknown: [],
});
const L2 = laneInfo('l2', 'direct', 1);
const DIFFUSION = laneInfo('diffusion', 'ddim', 10);
const EULER = laneInfo('flow', 'euler', 10);
const counted = (episodes: number) => ({
  episodes,
  successes: episodes,
  contacts: 0,
  obeyed: episodes,
  modes: { left: episodes },
});

/** An episode of the settings sent last. */
const begin = (change: Partial<StageEpisode> = {}) =>
  connection.say(
    'stage:episode',
    episodeInfo({
      request: lastRequest(),
      lanes: [L2, DIFFUSION, EULER],
      counts: [counted(0), counted(0), counted(0)],
      ...change,
    }),
  );
const refuse = (change: Partial<StageProblem>) =>
  connection.say('stage:error', {
    code: 'invalid-request',
    message: 'no',
    request: lastRequest(),
    lane: null,
    instruction: false,
    ...change,
  });

const FLOW: Lane = { policy: { kind: 'shipped', name: 'flow' } };
const RUN: Lane = { policy: { kind: 'run', id: 'flow-1' } };
const HEUN: Lane = { ...FLOW, sampler: 'heun', nfe: 5 };

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
    expect(session.planTimes.value).toMatchObject([{ lane: '2', number: 0 }]);
  });

  it('is shown whole at any pace: an episode of eight times real time is no straggler', () => {
    begin();
    for (let step = 0; step < 180; step++) sendFrame(frameAt(step));
    expect(player.current?.lastStep).toBe(179);
  });

  it('is left out where it is of settings that have been overtaken', () => {
    const overtaken = lastRequest();
    settings.seed.value = 3;
    begin({ request: overtaken, seed: 0, episode: 9 });
    expect(player.current).toBeNull();
    expect(settings.episode.value).toBe(0);
    begin({ seed: 3 });
    expect(player.current?.info.seed).toBe(3);
  });
});

describe('what is shown', () => {
  it('is live while it is the newest and goes on', () => {
    expect(session.live.value).toBe(false);
    begin();
    sendFrame(frameAt(0));
    expect(session.live.value).toBe(true);
    player.pause();
    expect(session.live.value).toBe(false);
    player.play();
    expect(session.live.value).toBe(true);
    player.seek(0);
    expect(session.live.value).toBe(false);
    player.live();
    (connection.status as Signal<ConnectionStatus>).value = 'lost';
    expect(session.live.value).toBe(false);
  });

  it('is what its address says: the episode looked back at, however often', () => {
    begin({ id: 1, episode: 6 });
    sendFrame(frameAt(0, {}, 1));
    begin({ id: 2, episode: 7 });
    sendFrame(frameAt(0, {}, 2));
    const address = () =>
      readUrlState(
        settings,
        createView(),
        { episode: session.shownEpisode.value, moment: null },
        null,
      ).episode;
    expect(address()).toBe(7);
    for (const _ of ['once', 'twice', 'thrice']) {
      player.again();
      expect([address(), player.track.value?.info.episode]).toEqual([6, 6]);
    }
    player.live();
    expect(address()).toBe(7);
    session.goTo({ seed: 0, episode: 40 });
    expect(address()).toBe(40);
  });

  it.each([
    ['seed', () => settings.seed],
    ['action horizon', () => settings.actionHorizon],
  ] as const)('is no longer an episode of another %s once that is set', (_, field) => {
    begin({ id: 1 });
    sendFrame(frameAt(0, {}, 1));
    begin({ id: 2, episode: 1 });
    sendFrame(frameAt(0, {}, 2));
    player.again();
    field().value = 5;
    expect(player.mode.value).toBe('live');
    begin({ id: 3 });
    expect(player.previous).toBeNull();
  });

  it('stays paused where something else is set', () => {
    begin();
    sendFrame(frameAt(0));
    player.pause();
    settings.actionHorizon.value = 5;
    expect(player.playing.value).toBe(false);
  });
});

describe('a choice of who acts in a lane', () => {
  it('is sent at once, the others as they are, and can be taken back', () => {
    const { length } = settingsSent();
    session.choose('3', HEUN);
    expect(settingsSent().slice(length)).toMatchObject([
      { lanes: [{ policy: L2.source }, { policy: DIFFUSION.source }, HEUN] },
    ]);
    expect(settings.choices.value).toBe(1);
    session.choose('3', { ...HEUN });
    expect(settingsSent()).toHaveLength(length + 1);
    expect(settings.choices.value).toBe(1);
  });

  it('is not said to have done what another policy did', () => {
    begin({ counts: [counted(2), counted(2), counted(2)] });
    sendFrame(frameAt(0));
    sendFan(fanAt(2, 0));
    expect([session.info('3')?.sampler, session.counts('3')?.episodes]).toEqual(['euler', 2]);
    expect(session.planTimes.value).toHaveLength(1);
    session.choose('3', HEUN);
    expect([session.info('3'), session.counts('3')]).toEqual([null, null]);
    sendFan(fanAt(2, 16));
    expect(session.planTimes.value).toEqual([]);
    expect(session.counts('1')?.episodes).toBe(2);
    begin({ id: 2, lanes: [L2, DIFFUSION, laneInfo('flow', 'heun', 5)] });
    expect(session.info('3')?.sampler).toBe('heun');
    // The usual way is another one, too.
    session.choose('3', FLOW);
    expect(session.info('3')).toBeNull();
  });

  it('leaves what was seen of the other lanes in the tally', () => {
    begin();
    begin({ id: 2, episode: 1, counts: [counted(1), counted(1), counted(1)] });
    expect(Object.keys(session.tally.value.get(16) ?? {})).toEqual(['1', '2', '3']);
    session.choose('3', HEUN);
    expect(Object.keys(session.tally.value.get(16) ?? {})).toEqual(['1', '2']);
  });

  it('ends a look back at what others did, who cannot be looked back at any more', () => {
    begin();
    sendFrame(frameAt(0));
    begin({ id: 2, episode: 1 });
    sendFrame(frameAt(0, {}, 2));
    player.again();
    expect(player.track.value?.info.episode).toBe(0);
    session.choose('3', HEUN);
    expect(player.mode.value).toBe('live');
    begin({ id: 3, episode: 1, lanes: [L2, DIFFUSION, laneInfo('flow', 'heun', 5)] });
    expect(player.previous).toBeNull();
  });

  it('is being prepared in its own lane; what all share is, in all of them', () => {
    const preparing = () => (['1', '2', '3'] as const).map((lane) => session.preparing(lane));
    expect(preparing()).toEqual([true, true, true]);
    begin();
    expect(preparing()).toEqual([false, false, false]);
    session.choose('3', HEUN);
    expect(preparing()).toEqual([false, false, true]);
    begin({ id: 2, lanes: [L2, DIFFUSION, laneInfo('flow', 'heun', 5)] });
    settings.actionHorizon.value = 4;
    expect(preparing()).toEqual([true, true, true]);
  });

  it('may be the same policy in two lanes, drawn in two ways', () => {
    session.choose('2', HEUN);
    begin({ lanes: [L2, laneInfo('flow', 'heun', 5), EULER] });
    expect(session.info('2')?.sampler).toBe('heun');
    expect(session.info('3')?.sampler).toBe('euler');
  });
});

describe('a choice that cannot act', () => {
  it('gives way to what acted before, and says why until another choice is made', () => {
    begin();
    session.choose('3', HEUN);
    begin({ id: 2, lanes: [L2, DIFFUSION, laneInfo('flow', 'heun', 5)] });
    session.choose('3', { ...FLOW, sampler: 'ddim' });
    refuse({ lane: 2, message: 'a flow policy takes euler, heun or one-step' });
    expect(settings.lanes['3'].value).toEqual(HEUN);
    expect(session.refusals.value['3']?.message).toContain('takes euler');
    expect(session.error.value).toBeNull();
    session.choose('3', FLOW);
    expect(session.refusals.value['3']).toBeNull();
  });

  it('gives way to a first visit where it has acted before and no longer can', () => {
    settings.lanes['3'].value = RUN;
    begin({ lanes: [L2, DIFFUSION, { ...EULER, source: RUN.policy }] });
    session.restart();
    refuse({ lane: 2, code: 'not-found' });
    expect(settings.lanes['3'].value).toEqual(FLOW);
    expect(refused).toEqual(['flow-1']);
  });

  it('of a first visit leaves its lane empty until it is tried again, or another is chosen', () => {
    refuse({ lane: 2, code: 'not-found' });
    expect(session.lanes.value).toEqual(['1', '2']);
    expect(session.laneErrors.value['3']?.code).toBe('not-found');
    session.choose('3', HEUN);
    expect(session.lanes.value).toEqual(['1', '2', '3']);
    refuse({ lane: 2, code: 'not-found' });
    expect(session.lanes.value).toEqual(['1', '2']);
    session.retry('3');
    expect(settingsSent().at(-1)?.lanes).toHaveLength(3);
  });

  it('of another rate, which was to act in all views, gives way in all of them at once', () => {
    begin();
    settings.actionHorizon.value = 16;
    session.choose('2', { policy: FAST });
    const all = () => ['1', '2', '3'].map((lane) => settings.lanes[lane as '1'].value?.policy);
    expect(all()).toEqual([FAST, FAST, FAST]);
    // So many control steps would be another time.
    expect(settings.actionHorizon.value).toBeNull();
    refuse({ lane: 0, code: 'not-found' });
    expect(all()).toEqual([L2.source, DIFFUSION.source, EULER.source]);
    expect(refused).toEqual(['fast']);
  });

  it('is no matter any more where it has been overtaken', () => {
    begin();
    session.choose('3', RUN);
    const overtaken = lastRequest();
    session.choose('3', HEUN);
    refuse({ request: overtaken, lane: 2 });
    expect(settings.lanes['3'].value).toEqual(HEUN);
  });
});

describe('where plans look', () => {
  it('is asked for and no longer asked for without beginning anew', () => {
    const { length } = settingsSent();
    settings.attention.value = true;
    settings.attention.value = false;
    expect(settingsSent()).toHaveLength(length);
    expect(commandsSent().slice(-2)).toEqual([
      { kind: 'attention', attention: true },
      { kind: 'attention', attention: false },
    ]);
  });

  it('goes on being asked for on the stages that come', () => {
    settings.attention.value = true;
    session.restart();
    expect(settingsSent().at(-1)?.attention).toBe(true);
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
  it('are put right where they are a run beside policies it does not go with', () => {
    begin();
    session.choose('3', RUN);
    refuse({ message: 'expected policies of one controlHz, got 20 and 50 (run flow-1)' });
    expect(refused).toEqual(['flow-1']);
    expect(settings.lanes['3'].value).toEqual(FLOW);
    expect(session.error.value).toBeNull();
  });

  it('stay said while the stage before them goes on, until others are sent', () => {
    begin();
    settings.actionHorizon.value = 100;
    refuse({ message: 'action horizon: expected 1 to 32, got 100' });
    expect(session.error.value?.message).toContain('got 100');
    begin({ id: 2, episode: 1 });
    expect(session.error.value?.message).toContain('got 100');
    settings.actionHorizon.value = 8;
    expect(session.error.value).toBeNull();
  });

  it('are not to blame where the stage broke down: its next episode clears that', () => {
    refuse({ code: 'failed', message: 'stages: its process ended early' });
    expect(session.error.value?.code).toBe('failed');
    begin();
    expect(session.error.value).toBeNull();
  });
});

describe('another task', () => {
  const reader = (guidance: number): Lane => ({
    policy: { kind: 'run', id: 'reader' },
    ...(guidance !== 1 && { guidance }),
  });
  const READERS = { '1': reader(0), '2': reader(1), '3': reader(4) };
  const showColours = () => {
    first.value = READERS;
    session.play('left-right-colour');
  };

  it('is asked for with who acts in it first, and nothing placed or said by hand', () => {
    begin();
    settings.objects.value = [[0.7, 0]];
    const { length } = settingsSent();
    showColours();
    const sent = settingsSent().slice(length);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ task: 'left-right-colour', lanes: Object.values(READERS) });
    expect(sent[0]).not.toHaveProperty('objects');
    expect(sent[0]).not.toHaveProperty('instruction');
    expect(settings.choices.value).toBe(1);
  });

  it('shows nothing of the one before', () => {
    begin();
    sendFrame(frameAt(0));
    expect(player.track.value).not.toBeNull();
    showColours();
    expect(player.track.value).toBeNull();
    expect(session.info('1')).toBeNull();
    sendFrame(frameAt(1));
    expect(player.track.value).toBeNull();
  });

  it('is left and come back to with who acted in it last', () => {
    session.choose('3', HEUN);
    showColours();
    session.choose('1', reader(2));
    first.value = FIRST_CHOICES;
    session.play('left-right');
    expect(settings.lanes['3'].value).toEqual(HEUN);
    session.play('left-right-colour');
    expect(settings.lanes['1'].value).toEqual(reader(2));
  });

  it('waits for somebody who has learnt it, and shows them as soon as there is one', () => {
    begin();
    const { length } = settingsSent();
    const before = lastRequest();
    first.value = perLane(() => null);
    session.play('left-right-colour');
    expect(session.lanes.value).toEqual([]);
    expect(settingsSent()).toHaveLength(length);
    expect(commandsSent().at(-1)).toEqual({ kind: 'play', playing: false });
    // The stage that goes on is of the task before.
    begin({ request: before });
    expect(player.track.value).toBeNull();
    first.value = READERS;
    expect(settingsSent().at(-1)?.lanes).toEqual(Object.values(READERS));
  });

  it('goes back to those who act first where a choice is refused', () => {
    showColours();
    session.choose('1', FLOW);
    refuse({ lane: 0, message: 'expected a policy of the task left-right-colour' });
    expect(settings.lanes['1'].value).toEqual(reader(0));
    expect(session.refusals.value['1']?.message).toContain('left-right-colour');
  });
});

describe('what is said', () => {
  beforeEach(() => {
    settings.task.value = 'left-right-colour';
  });

  it('begins the stage anew, counts included', () => {
    begin();
    begin({ id: 2, episode: 1, counts: [counted(1), counted(1), counted(1)] });
    expect(session.tally.value.size).toBe(1);
    settings.instruction.value = 'hand me the red apple';
    expect(settingsSent().at(-1)?.instruction).toBe('hand me the red apple');
    expect(session.tally.value.size).toBe(0);
  });

  it('and cannot be, is an error of its own that blames nobody, until it is put otherwise', () => {
    begin();
    session.choose('3', HEUN);
    settings.instruction.value = 'please '.repeat(20);
    refuse({ message: 'instruction: expected at most 15 words, got 20', instruction: true });
    expect(session.instructionError.value?.message).toContain('got 20');
    expect([session.error.value, session.refusals.value['3']]).toEqual([null, null]);
    expect(settings.lanes['3'].value).toEqual(HEUN);
    settings.instruction.value = 'hand me the red apple';
    expect(session.instructionError.value).toBeNull();
  });
});
