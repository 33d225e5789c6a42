import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Audiences } from '../../../server/jobs/audiences.ts';
import { type RunningWork, startWork } from '../../../server/jobs/process.ts';
import { StageService } from '../../../server/jobs/stage-service.ts';
import { packFan, packFrame } from '../../../server/protocol/frames.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import {
  type LaneCounts,
  type StageEpisode,
  type StageRequest,
  stageSettingsSchema,
} from '../../../server/protocol/stage.ts';
import { type TogetherWord, togetherSchema } from '../../../server/protocol/together.ts';
import type { StageMessage, StageNews, ViewerCommand } from '../../../server/stage/stage-host.ts';

vi.mock('../../../server/jobs/process.ts');

beforeEach(() => {
  vi.mocked(startWork).mockReset();
});

const asked = (rest: Partial<StageRequest> = {}) =>
  stageSettingsSchema.parse({ lanes: [{ policy: { kind: 'shipped', name: 'flow' } }], ...rest });
const together = (rest: Partial<StageRequest> = {}) => asked({ together: true, ...rest });

const counted = (episodes: number): LaneCounts => ({
  episodes,
  successes: episodes,
  contacts: 0,
  obeyed: 0,
  modes: { left: episodes },
});

/** As a stage of one lane announces it, which has won all episodes before. */
function announced(id: number, episode: number): StageEpisode {
  return {
    ...{ request: 0, id, task: 'left-right', seed: 0, noise: 0, episode, actionHorizon: 16 },
    ...{ controlHz: 20, engine: 'none', lanes: [], counts: [counted(episode)], objects: [] },
    instruction: null,
  };
}

function frame(episodeId: number, step: number, { ended = false, opening = 0.08 } = {}) {
  const lane = {
    ...{ joints: [0, 0, 0, 0, 0, 0, 0], opening, contact: false, success: false, ended },
    ...{ mode: 0, lifted: -1, objects: [[0, 0, 0]] },
  };
  return packFrame({ episodeId, step, lanes: [lane] }, 1000 * step);
}

function fan(episodeId: number) {
  const plan = { lane: 0, episodeId, step: 0, nfe: 1, milliseconds: 1, horizon: 0, paths: [] };
  return packFan({ ...plan, chunk: new Float32Array(0), attention: null });
}

/** A server's stages, whose process is spoken for by the test. */
function openServer(tell: (word: TogetherWord) => void = () => {}, settleMs = 0) {
  const heard: ViewerCommand[] = [];
  const told: TogetherWord[] = [];
  const troubles: string[] = [];
  let report = (_: StageMessage) => {};
  vi.mocked(startWork).mockImplementationOnce((_, __, onProgress) => {
    report = onProgress as (message: StageMessage) => void;
    const work: RunningWork<'stages'> = {
      result: new Promise<null>(() => {}),
      ...{ stop: () => {}, kill: () => {}, command: (command) => heard.push(command) },
    };
    return work as never;
  });
  const service = new StageService({ data: 'data', engine: 'compiled' });
  service.start();
  const audiences = new Audiences(service, 'program', {
    tell(word) {
      told.push(word);
      tell(word);
    },
    trouble: (message) => troubles.push(message),
    settleMs,
  });
  const stages = () => heard.flatMap((each) => ('command' in each && each.command ? [each] : []));
  return {
    audiences,
    heard,
    told,
    troubles,
    /** Names of the stages that were opened. */
    opened: () => stages().map(({ viewer }) => viewer),
    /** Has a page ask, and keeps what it hears. */
    watch(viewer: string, settings = together()): StageNews[] {
      const said: StageNews[] = [];
      audiences.command(viewer, { kind: 'set', settings }, (message) => said.push(message));
      return said;
    },
    say(news: Record<string, unknown>, stage = 0): void {
      report({ viewer: stages()[stage].viewer, ...news } as StageMessage);
    },
    /** Plays an episode of as many control steps. */
    play(id: number, episode: number, steps: number, opening?: number): void {
      this.say({ kind: 'episode', episode: announced(id, episode) });
      for (let step = 0; step <= steps; step++) {
        const packed = frame(id, step, { ended: step === steps, ...(opening && { opening }) });
        this.say({ kind: 'frame', packed });
      }
    },
  };
}

const kinds = (said: readonly StageNews[]) => said.map(({ kind }) => kind);
const episodes = (said: readonly StageNews[]) =>
  said.flatMap((each) => (each.kind === 'episode' ? [each.episode] : []));

describe('pages that watch together', () => {
  it('watch one stage where they ask for the same, and are told by the number each has asked with', () => {
    const server = openServer();
    const pages = [7, 8].map((request) => server.watch(`${request}`, together({ request })));
    const other = server.watch('other', together({ seed: 5 }));
    expect(server.opened()).toHaveLength(2);
    server.play(1, 0, 2);
    expect(pages.map((said) => episodes(said).map(({ request }) => request))).toEqual([[7], [8]]);
    expect(kinds(pages[0])).toEqual(['episode', 'frame', 'frame', 'frame']);
    expect(other).toEqual([]);
  });

  it('may come late: then they see what is shown now, from where it is', () => {
    const server = openServer();
    server.watch('a');
    server.say({ kind: 'episode', episode: announced(3, 0) });
    server.say({ kind: 'fan', packed: fan(3) });
    for (const step of [0, 1]) server.say({ kind: 'frame', packed: frame(3, step) });
    // Wherever its own address stands.
    const late = server.watch('late', together({ episode: 9, request: 2 }));
    expect(episodes(late)).toMatchObject([{ id: 3, episode: 0, request: 2 }]);
    expect(kinds(late)).toEqual(['episode', 'fan', 'frame']);
    expect(late.at(-1)).toMatchObject({ packed: frame(3, 1) });
  });

  it('may look away: they miss what is shown, and are told where it is when they look again', () => {
    const server = openServer();
    const said = server.watch('a');
    const stays = server.watch('b');
    server.play(1, 0, 1);
    server.audiences.command('a', { kind: 'play', playing: false }, () => {});
    const before = said.length;
    server.play(2, 1, 1);
    expect(said).toHaveLength(before);
    expect(episodes(stays)).toHaveLength(2);
    server.audiences.command('a', { kind: 'play', playing: true }, () => {});
    expect(kinds(said.slice(before))).toEqual(['episode', 'frame']);
    // The stage itself played on for the others.
    expect(server.heard.filter((each) => 'command' in each)).toHaveLength(1);
  });

  it('at another pace watch another stage', () => {
    const server = openServer();
    server.watch('a');
    server.watch('b');
    server.audiences.command('b', { kind: 'speed', speed: 2 }, () => {});
    expect(new Set(server.opened()).size).toBe(2);
  });

  it('decide nothing for each other', async () => {
    const server = openServer();
    server.watch('a');
    const { audiences } = server;
    expect(() => audiences.command('a', { kind: 'next' }, () => {})).toThrow("one of one's own");
    const inquiry = { kind: 'plane', episodeId: 1, lane: 0, step: 0 } as const;
    await expect(audiences.ask('a', inquiry)).rejects.toMatchObject({ code: 'conflict' });
    const moment = { lane: 0, episodeId: 1, step: 0 } as never;
    const gone = audiences.goOn('a', moment, new Float32Array(0));
    await expect(gone).rejects.toMatchObject({ code: 'conflict' });
  });

  it('take up one place, and give it back when the last has left or wants a stage of its own', () => {
    const server = openServer();
    for (let i = 0; i < 100; i++) server.watch(`page-${i}`);
    for (let i = 1; i < LIMITS.stages; i++) server.watch(`own-${i}`, asked());
    expect(() => server.watch('more', asked())).toThrow(`at most ${LIMITS.stages} open pages`);
    expect(() => server.watch('too', together({ seed: 9 }))).toThrow('close one');
    for (let i = 1; i < 100; i++) server.audiences.leave(`page-${i}`);
    expect(() => server.watch('more', asked())).toThrow('close one');
    server.watch('page-0', asked());
    expect(server.heard).toContainEqual({ viewer: server.opened()[0], command: null });
    expect(server.opened().at(-1)).toBe('page-0');
  });

  it('are all told why there is no stage, and who comes next tries again', () => {
    const server = openServer();
    const said = server.watch('a', together({ request: 4 }));
    const error = { code: 'failed', message: 'no policy', request: 0, lane: 0, instruction: false };
    server.say({ kind: 'error', error });
    expect(said).toMatchObject([{ error: { message: 'no policy', request: 4 } }]);
    server.watch('b');
    expect(server.opened()).toHaveLength(2);
  });
});

describe('servers that share a database', () => {
  /** Two whose words reach each other while the line holds, as JSON that the schema lets through. */
  function openTwo() {
    const line = { holds: true };
    const pass = (to: () => ReturnType<typeof openServer>) => (word: TogetherWord) => {
      if (line.holds) to().audiences.hear(togetherSchema.parse(JSON.parse(JSON.stringify(word))));
    };
    const a: ReturnType<typeof openServer> = openServer(pass(() => b));
    const b: ReturnType<typeof openServer> = openServer(pass(() => a));
    return { a, b, line };
  }

  const goneTo = ({ heard }: ReturnType<typeof openServer>) =>
    heard.flatMap((each) => ('goTo' in each ? [each.goTo] : []));

  it('are at the episode of the one that is furthest, with what it has counted', () => {
    const { a, b } = openTwo();
    for (const server of [a, b]) server.watch('page');
    a.play(1, 0, 1);
    b.play(1, 0, 1);
    expect(goneTo(b).slice(1)).toEqual([]);
    a.play(2, 1, 1);
    expect(goneTo(b).slice(1)).toEqual([{ episode: 1, counts: [counted(1)] }]);
    expect(goneTo(a)).toEqual([]);
  });

  it.each([0, 60_000])(
    'show the pages of one that comes later what is under way, where their address says episode %i',
    (first) => {
      const { a, b } = openTwo();
      a.watch('page');
      a.play(1, 17, 1);
      const late = b.watch('page', together({ episode: first }));
      b.say({ kind: 'episode', episode: announced(1, first) });
      b.say({ kind: 'frame', packed: frame(1, 0) });
      expect(late).toEqual([]);
      expect(goneTo(b).at(-1)).toEqual({ episode: 17, counts: [counted(17)] });
      b.say({ kind: 'episode', episode: announced(2, 17) });
      expect(episodes(late)).toMatchObject([{ episode: 17 }]);
      // Whoever is behind pulls nobody back.
      expect(goneTo(a)).toEqual([]);
    },
  );

  it('are not moved on by who opens a stage and begins it before it has heard of theirs', () => {
    vi.useFakeTimers();
    const a = openServer();
    a.watch('page');
    a.play(1, 17, 1);
    const b = openServer((word) => a.audiences.hear(word), 1000);
    const late = b.watch('page', together({ episode: 60_000 }));
    b.play(1, 60_000, 1);
    expect(goneTo(a)).toEqual([]);
    for (const word of a.told) b.audiences.hear(word);
    expect(goneTo(b)).toEqual([{ episode: 17, counts: [counted(17)] }]);
    b.play(2, 17, 1);
    b.play(3, 18, 1);
    expect(episodes(late).map(({ episode }) => episode)).toEqual([60_000, 17, 18]);
    vi.advanceTimersByTime(1000);
    expect(goneTo(a)).toEqual([{ episode: 18, counts: [counted(18)] }]);
    vi.useRealTimers();
  });

  it('go on alone while they do not hear one another, and meet again', () => {
    const { a, b, line } = openTwo();
    const pages = [a, b].map((server) => server.watch('page'));
    for (const server of [a, b]) server.play(1, 0, 1);
    line.holds = false;
    a.play(2, 1, 1);
    a.play(3, 2, 1);
    b.play(2, 1, 1);
    expect(pages.map((said) => episodes(said).at(-1)?.episode)).toEqual([2, 1]);
    expect(goneTo(b).slice(1)).toEqual([]);
    line.holds = true;
    b.audiences.catchUp();
    expect(goneTo(b).slice(1)).toEqual([{ episode: 2, counts: [counted(2)] }]);
  });

  it('that have played an episode to other bits are told so once; to the same bits, never', () => {
    const { a, b } = openTwo();
    for (const server of [a, b]) server.watch('page');
    for (const server of [a, b]) for (const i of [0, 1]) server.play(7 + i, i, 2);
    expect([...a.troubles, ...b.troubles]).toEqual([]);
    a.play(9, 2, 2);
    b.play(9, 2, 2, 0.07);
    for (const episode of [3, 4]) for (const server of [a, b]) server.play(20, episode, 2);
    expect([...a.troubles, ...b.troubles]).toEqual([
      expect.stringContaining('to play episode 2 to the same bits, got one that does not'),
    ]);
  });

  it('do not hear of stages that they do not show', () => {
    const { a, b } = openTwo();
    a.watch('page');
    b.watch('page', together({ seed: 3 }));
    a.play(1, 12, 1);
    expect(goneTo(b)).toEqual([]);
  });

  it.each([
    ['another kind', { kind: 'stop', stage: '0'.repeat(32) }],
    ['a stage that is no digest', { kind: 'where', stage: '../../etc' }],
    ['more than it may', { kind: 'where', stage: '0'.repeat(32), extra: 1 }],
    ['an episode that no stage reaches', { episode: 1e9 }],
    ['a count below none', { counts: [{ ...counted(1), successes: -1 }] }],
    ['no counts', { counts: [] }],
    ['more lanes than there can be', { counts: new Array(LIMITS.lanes + 1).fill(counted(1)) }],
  ])('refuse a word of %s', (_, change) => {
    const word = { kind: 'begun', stage: '0'.repeat(32), episode: 1, counts: [counted(1)] };
    expect(togetherSchema.safeParse({ ...word, played: null }).success).toBe(true);
    expect(togetherSchema.safeParse({ ...word, played: null, ...change }).success).toBe(false);
  });
});
