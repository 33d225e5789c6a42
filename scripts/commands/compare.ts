import { type Command, Option } from 'commander';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { SCHEMES, type Scheme } from '../../server/protocol/chunking.ts';
import { compareDelaysWithProgress, printDelays } from '../compare/delay-table.ts';
import { compareHorizons, printHorizons } from '../compare/horizon-curve.ts';
import { DELAYS, type EvaluationOptions, withEvaluation } from '../compare/options.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { listOf, oneOf, parseLane, wholeNumber, withSampler } from '../options.ts';
import { allowServers, type PolicyServerOptions } from '../policy-servers.ts';

export function defineCompare(command: Command): void {
  withSampler(withEvaluation(command))
    .option(
      '--policies <list>',
      'names that ship or run ids, each as NAME, NAME:SAMPLER or NAME:SAMPLER:NFE, and policy servers ' +
        'as ws://HOST:PORT',
      'l2,diffusion,flow',
    )
    .addOption(
      new Option(
        '--action-horizons <list>',
        'compare at each of these action horizons: one curve per policy',
      )
        .argParser(listOf(wholeNumber(1, 128)))
        .conflicts('actionHorizon'),
    )
    .addOption(
      new Option(
        '--delays <list>',
        'compare with planning that takes this many control steps: one table per scheme',
      )
        .argParser(listOf(wholeNumber(0, 128)))
        .conflicts('actionHorizons'),
    )
    .addOption(
      new Option(
        '--schemes <list>',
        `what the arm does while planning: ${SCHEMES.join(', ')} (default: all)`,
      )
        .argParser(listOf(oneOf(SCHEMES)))
        .conflicts('actionHorizons')
        .implies({ delays: DELAYS }),
    )
    .action(compareAll);
}

interface CompareOptions extends EvaluationOptions, SamplerChoice, PolicyServerOptions {
  readonly policies: string;
  readonly actionHorizons?: readonly number[];
  readonly delays?: readonly number[];
  readonly schemes?: readonly Scheme[];
}

async function compareAll(given: CompareOptions): Promise<void> {
  const lanes = given.policies.split(',').map((entry) => parseLane(entry, given));
  const options = allowServers(
    given,
    lanes.map(({ policy }) => policy),
  );
  const { actionHorizons, delays, schemes = SCHEMES } = options;
  if (delays) {
    printDelays(await compareDelaysWithProgress(lanes, delays, schemes, options), options);
  } else if (actionHorizons) {
    printHorizons(await compareHorizons(lanes, actionHorizons, options), options);
  } else {
    printComparison(await compareWithProgress(lanes, options), options);
  }
}
