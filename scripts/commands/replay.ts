import type { Command } from 'commander';
import { describeDifference, identifyProgram } from '../../server/experiments/code.ts';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { readRecorded } from '../../server/experiments/recorded.ts';
import { replayShard } from '../../server/experiments/replay.ts';
import { parseRollout } from '../../server/experiments/rollout-name.ts';
import type { ShardDescription } from '../../server/experiments/shard.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { checkpointsAmong, nameOfSource } from '../../server/protocol/sources.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { findTask } from '../../sim/index.ts';
import { runCommand } from '../experiments/directory.ts';
import { interruptible, unlessStopped } from '../interrupt.ts';
import { type CommonOptions, withCommon, withTextEncoder } from '../options.ts';
import { isLink, readLink } from '../report/links.ts';
import { sayOutcome } from '../report/outcome.ts';
import { printJson } from '../table.ts';

export function defineReplay(command: Command): void {
  withTextEncoder(withCommon(command))
    .argument(
      '<rollout>',
      'link of a report, or DIR#CONTENDER/START/NOISE, as the report of an experiment names it',
    )
    .action(replay);
}

type ReplayOptions = CommonOptions & TextEncoderPlace;

async function replay(text: string, options: ReplayOptions): Promise<void> {
  const { shard, recorded } = await askedFor(text, options);
  // A link may be anybody's: it makes this machine read no directory.
  const checkpoints = isLink(text) ? [] : checkpointsAmong([shard.acting.source]);
  const { place } = openWorkspace({ ...options, engine: shard.engine, checkpoints });
  const [{ rollout, controlHz }] = await interruptible('stopping', (signal) =>
    unlessStopped(signal, replayShard(place, shard)),
  );
  const { start, noise, replayHash } = rollout;
  const same = recorded === null ? null : recorded === replayHash;
  if (options.json) {
    const { task, seed, batch, acting } = shard;
    printJson({ task, seed, batch, ...acting, recordedHash: recorded, replayed: rollout, same });
  } else {
    process.stdout.write(
      `${nameOfSource(shard.acting.source)}, start ${start}, noise ${noise}: ` +
        `${sayOutcome(findTask(shard.task), rollout, controlHz)}\n` +
        `${replayHash}${same ? ', as recorded' : ''}\n`,
    );
  }
  if (same !== false) return;
  const difference = isLink(text)
    ? null
    : describeDifference(shard, await identifyProgram('rollouts'));
  throw new ProtocolError(
    'failed',
    `${text}: expected the recorded hash ${recorded}, got ${replayHash}; ` +
      (difference ??
        'this machine, or this version, computes something else than the one that recorded it'),
  );
}

/** Which rollout it is, and the hash that is recorded of it; null where nothing says one. */
async function askedFor(
  text: string,
  options: ReplayOptions,
): Promise<{ readonly shard: ShardDescription; readonly recorded: string | null }> {
  if (isLink(text)) return readLink(openWorkspace({ ...options, engine: 'compiled' }), text);
  const name = parseRollout(text);
  const directory = new ExperimentDirectory(name.directory);
  const fill = runCommand(name.directory);
  const { rollout, shard } = await readRecorded(directory, await directory.readPlan(), name, fill);
  return { shard, recorded: rollout.replayHash };
}
