import type { Signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { FIRST_CHOICES, perLane } from '../../../../client/shared/lanes/lanes.ts';
import type { ConnectionStatus } from '../../../../client/shared/link/connection.ts';
import { readUrlState } from '../../../../client/shell/address/url-state.ts';
import { createView } from '../../../../client/shell/view.ts';
import type { Lane } from '../../../../server/protocol/index.ts';
import { fanAt } from './playback/support.ts';
import {
  begin,
  commandsSent,
  connection,
  counted,
  FLOW,
  first,
  frameAt,
  HEUN,
  lastRequest,
  openSession,
  player,
  RUN,
  refuse,
  refused,
  sendFan,
  sendFrame,
  session,
  settings,
  settingsSent,
} from './session-support.ts';

beforeEach(openSession);

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

describe('a policy server without a plan', () => {
  it('is named in its view, until the next episode begins', () => {
    begin({ id: 4 });
    const message = 'expected the server to answer within 10 s';
    connection.say('stage:trouble', { episodeId: 3, lane: 1, message: 'of another episode' });
    expect(session.troubles.value).toEqual(perLane(() => null));
    connection.say('stage:trouble', { episodeId: 4, lane: 1, message });
    expect(session.troubles.value).toEqual({ '1': null, '2': message, '3': null });
    expect(session.error.value).toBeNull();
    begin({ id: 5, episode: 1 });
    expect(session.troubles.value).toEqual(perLane(() => null));
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

describe('a moment that is waited for', () => {
  it('is named to the stage with its settings and episode, until it is there', () => {
    begin();
    session.goTo({ seed: 5, episode: 7 });
    player.stopAt(2, true);
    const until = { request: lastRequest(), episode: 7, step: 2 };
    expect(commandsSent().at(-1)).toEqual({ kind: 'play', playing: true, until });
    begin({ id: 2, seed: 5, episode: 7 });
    for (const step of [0, 1, 2]) sendFrame(frameAt(step, {}, 2));
    expect(commandsSent().at(-1)).toEqual({ kind: 'play', playing: false });
    player.stopAt(30, false);
    expect(commandsSent().at(-1)).toMatchObject({ playing: true, until: { ...until, step: 30 } });
    player.live();
    expect(commandsSent().at(-1)).toEqual({ kind: 'play', playing: true });
  });

  it('is named with the settings already: told later, the stage might have passed it', () => {
    player.stopAt(2, true);
    session.goTo({ seed: 5, episode: 7 });
    const until = { request: lastRequest(), episode: 7, step: 2 };
    expect(commandsSent().findLast(({ kind }) => kind === 'set')).toMatchObject({ until });
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
