import type { Engine } from '../../policies/engine/index.ts';
import {
  describeTrained,
  NetworkPolicy,
  type TrainedPolicy,
} from '../../policies/network-policy.ts';
import type { Policy, PolicyDescription } from '../../policies/policy.ts';
import { findTask, modeNames } from '../../sim/index.ts';
import type { RemotePolicy } from '../openpi/remote-policy.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LISTED_NAMES, type SourceKindName, type SourceOf } from '../protocol/sources.ts';
import { checkTextEncoder, encoderFor } from './text-encoder.ts';
import {
  digestOfPolicy,
  digestOfShipped,
  loadShipped,
  type Place,
  type Workspace,
} from './workspace.ts';

type Runs = Pick<Workspace, 'runs'>;
/** Where policies act: with what they read with, beside the runs. */
export type ActingPlace = Pick<Workspace, 'runs' | 'place'>;

/** Demonstrations by mode. */
export type ModeCounts = Readonly<Record<string, number>>;

/** What the server does with sources of a kind. */
export interface SourceDoor<Source> {
  /**
   * What is to be known of the policy, without an engine for it to run on.
   *
   * @throws TextEncoderError where it could not read
   */
  describe(workspace: ActingPlace, source: Source): Promise<PolicyDescription>;
  open(workspace: ActingPlace, engine: Engine, source: Source): Promise<Policy>;
  /** Another number once the same name stands for another policy. @default it never does */
  revision?(workspace: Runs, source: Source): Promise<number>;
  /**
   * Sha-256 of its weights with all that is known of them: as the manifest of what ships has it, and of
   * a run as its manifest would, were it to ship. @default it cannot be told from another
   */
  digest?(workspace: ActingPlace, source: Source): Promise<string>;
  /** What it was shown; null where it is not known. @default null */
  demonstrated?(workspace: Workspace, source: Source, task: string): Promise<ModeCounts | null>;
  /** Its weights, of kinds whose policies are trained here. */
  load?(workspace: Runs, source: Source): Promise<TrainedPolicy>;
}

/** How the policies of each kind are found. */
export const SOURCES: { readonly [K in SourceKindName]: SourceDoor<SourceOf<K>> } = {
  shipped: {
    ...trained((_, { name }) => loadShipped(name)),
    digest: (_, { name }) => digestOfShipped(name),
    // What ships was demonstrated in pairs: every mode equally often.
    async demonstrated(_workspace, _source, task) {
      return Object.fromEntries(modeNames(findTask(task)).map((mode) => [mode, 1]));
    },
  },
  server: {
    describe: async ({ place }, { url }) => (await openRemote(place, url)).describe(),
    open: ({ place }, _engine, { url }) => openRemote(place, url),
  },
  // What these two need to be read is loaded where there is one: the others do without it.
  lerobot: {
    async describe({ place }, { directory }) {
      return (await import('./lerobot.ts')).describeCheckpoint(place, directory);
    },
    async open({ place }, engine, { directory }) {
      return (await import('./lerobot.ts')).openCheckpoint(place, engine, directory);
    },
    async digest({ place }, { directory }) {
      return (await import('./lerobot.ts')).digestOfCheckpoint(place, directory);
    },
  },
  onnx: {
    async describe({ place }, { file }) {
      return (await import('./onnx.ts')).describeFile(place, file);
    },
    async open({ place }, _engine, { file }) {
      return (await import('./onnx.ts')).openFile(place, file);
    },
    async digest({ place }, { file }) {
      return (await import('./onnx.ts')).digestOfFile(place, file);
    },
  },
  run: {
    ...trained(loadRun),
    async revision({ runs }, { id }) {
      return (await runs.read(id)).step;
    },
    async demonstrated({ runs, datasets }, { id }) {
      const { dataset } = await runs.read(id);
      const known = (await datasets.list()).find(({ name }) => name === dataset.name)?.info;
      return known?.hash === dataset.hash ? known.modes : null;
    },
    async digest(workspace, source) {
      return digestOfPolicy(await loadRun(workspace, source));
    },
  },
};

/** Sources whose policies were trained here. */
function trained<Source>(
  load: (workspace: Runs, source: Source) => Promise<TrainedPolicy>,
): Required<Pick<SourceDoor<Source>, 'describe' | 'open' | 'load'>> {
  return {
    load,
    async describe(workspace, source) {
      const policy = await load(workspace, source);
      await checkTextEncoder(workspace.place, policy.spec.condition?.text);
      return describeTrained(policy);
    },
    async open(workspace, engine, source) {
      const policy = await load(workspace, source);
      const pretrained = await encoderFor(workspace.place, policy.spec.condition?.text);
      return new NetworkPolicy(engine, policy, pretrained);
    },
  };
}

/** @throws ProtocolError 'conflict' for an address that nobody allowed; as `RemotePolicy.open` */
async function openRemote({ policyServers }: Place, url: string): Promise<RemotePolicy> {
  // Requests name sources too, and a page must not make this machine dial.
  if (!policyServers?.urls.includes(url)) {
    const allowed = policyServers?.urls.join(', ') || 'none';
    throw new ProtocolError(
      'conflict',
      `policy server: expected one that this program was started with (${allowed}), got ${url}; ` +
        'name its address on the command line',
    );
  }
  const { observationKeys, answerMs } = policyServers;
  const apiKey = policyServers.apiKey ?? process.env.FORKING_PATHS_API_KEY;
  // With its WebSocket client it takes 0.1 s to load, and few who open a policy dial.
  const { RemotePolicy } = await import('../openpi/remote-policy.ts');
  return RemotePolicy.open({ url, observationKeys, answerMs, apiKey });
}

async function loadRun({ runs }: Runs, { id }: SourceOf<'run'>): Promise<TrainedPolicy> {
  const checkpoint = await runs.readCheckpoint(id).catch((cause: unknown) => {
    if (!(cause instanceof ProtocolError) || cause.code !== 'not-found') throw cause;
    // Any name that is of no other kind is taken for a run's: a mistyped one, too.
    const others = `what is no run is one of ${LISTED_NAMES.join(', ')}`;
    throw new ProtocolError(cause.code, `${cause.message}; ${others}`, { cause });
  });
  if (checkpoint) return checkpoint.policy;
  throw new ProtocolError(
    'conflict',
    `run ${id}: expected a checkpoint, got none yet; wait for its first one`,
  );
}
