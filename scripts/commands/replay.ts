import type { Command } from 'commander';
import { describeDifference, identifyProgram } from '../../server/experiments/code.ts';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { contenderName } from '../../server/experiments/plan.ts';
import { readRecorded } from '../../server/experiments/recorded.ts';
import { replayShard } from '../../server/experiments/replay.ts';
import { parseRollout } from '../../server/experiments/rollout-name.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { findTask } from '../../sim/index.ts';
import { headOf, openPlanned, runCommand } from '../experiments/directory.ts';
import { interruptible, unlessStopped } from '../interrupt.ts';
import { type CommonOptions, withCommon, withTextEncoder } from '../options.ts';
import { sayOutcome } from '../report/outcome.ts';
import { printJson } from '../table.ts';

export function defineReplay(command: Command): void {
  withTextEncoder(withCommon(command))
    .argument('<rollout>', 'DIR#CONTENDER/START/NOISE, as the report of an experiment names it')
    .action(replay);
}

async function replay(text: string, options: CommonOptions & TextEncoderPlace): Promise<void> {
  const name = parseRollout(text);
  const directory = new ExperimentDirectory(name.directory);
  const planned = await directory.readPlan();
  const fill = runCommand(name.directory);
  const { rollout: recorded, shard } = await readRecorded(directory, planned, name, fill);
  const { place } = openPlanned(planned, options);
  const [{ rollout, controlHz }] = await interruptible('stopping', (signal) =>
    unlessStopped(signal, replayShard(place, shard)),
  );
  const same = rollout.replayHash === recorded.replayHash;
  const contender = planned.contenders[name.contender];
  const { start, noise } = rollout;
  if (options.json) {
    printJson({
      ...headOf(directory, planned),
      ...{ contender, start, noise, recorded, replayed: rollout, same },
    });
  } else {
    process.stdout.write(
      `${contenderName(contender)}, start ${start}, noise ${noise}: ` +
        `${sayOutcome(findTask(planned.task), rollout, controlHz)}\n` +
        `${rollout.replayHash}${same ? ', as recorded' : ''}\n`,
    );
  }
  if (same) return;
  const difference = describeDifference(planned, await identifyProgram());
  throw new ProtocolError(
    'failed',
    `${text}: expected the recorded hash ${recorded.replayHash}, got ${rollout.replayHash}; ` +
      (difference ??
        'the program is the planned one, so that this machine computes something else'),
  );
}
