import { beforeEach, describe, expect, it } from 'vitest';
import { fanAt } from './playback/support.ts';
import {
  begin,
  counted,
  DIFFUSION,
  EULER,
  FAST,
  FLOW,
  frameAt,
  HEUN,
  L2,
  laneInfo,
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
