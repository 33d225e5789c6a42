import { type Signal, signal } from '@preact/signals';
import { Player } from '../../../../client/features/watch/playback/player.ts';
import { createSession, type Session } from '../../../../client/features/watch/session.ts';
import { FIRST_CHOICES, type PerLane, perLane } from '../../../../client/shared/lanes/lanes.ts';
import { createSettings, type Settings } from '../../../../client/shared/lanes/settings.ts';
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
import { episodeInfo, frameAt as twoLanesAt } from './playback/support.ts';

export let connection: FakeConnection;
export let settings: Settings;
export let player: Player;
export let session: Session;
export let refused: string[];
export let first: Signal<PerLane<Lane | null>>;

/** Acts at another rate than all others. */
export const FAST: Lane['policy'] = { kind: 'run', id: 'fast' };

/** For `beforeEach`: another session, on a connection that a test speaks for. */
export function openSession(): void {
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
}

export function frameAt(...of: Parameters<typeof twoLanesAt>): StageFrame {
  const frame = twoLanesAt(...of);
  return { ...frame, lanes: [...frame.lanes, frame.lanes[0]] };
}

const bytes = (packed: Float32Array) => packed.slice().buffer as ArrayBuffer;
export const sendFrame = (frame: StageFrame) =>
  connection.say('stage:frame', bytes(packFrame(frame)), () => {});
export const sendFan = (fan: Fan) => connection.say('stage:fan', bytes(packFan(fan)), () => {});
export const commandsSent = () =>
  connection.asked
    .filter(({ name }) => name === 'stage:command')
    .map(({ request }) => stageCommandSchema.parse(request));
export const settingsSent = () =>
  commandsSent().flatMap((command) => (command.kind === 'set' ? [command.settings] : []));
export const lastRequest = () => settingsSent().at(-1)?.request ?? 0;

export const laneInfo = (name: 'l2' | 'diffusion' | 'flow', sampler: string, nfe: number) => ({
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
export const L2 = laneInfo('l2', 'direct', 1);
export const DIFFUSION = laneInfo('diffusion', 'ddim', 10);
export const EULER = laneInfo('flow', 'euler', 10);
export const counted = (episodes: number) => ({
  episodes,
  successes: episodes,
  contacts: 0,
  obeyed: episodes,
  modes: { left: episodes },
});

/** An episode of the settings sent last. */
export const begin = (change: Partial<StageEpisode> = {}) =>
  connection.say(
    'stage:episode',
    episodeInfo({
      request: lastRequest(),
      lanes: [L2, DIFFUSION, EULER],
      counts: [counted(0), counted(0), counted(0)],
      ...change,
    }),
  );
export const refuse = (change: Partial<StageProblem>) =>
  connection.say('stage:error', {
    code: 'invalid-request',
    message: 'no',
    request: lastRequest(),
    lane: null,
    instruction: false,
    ...change,
  });

export const FLOW: Lane = { policy: { kind: 'shipped', name: 'flow' } };
export const RUN: Lane = { policy: { kind: 'run', id: 'flow-1' } };
export const HEUN: Lane = { ...FLOW, sampler: 'heun', nfe: 5 };
