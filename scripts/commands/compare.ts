import { type Command, Option } from 'commander';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { SCHEMES, type Scheme } from '../../server/protocol/chunking.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { Perturbation } from '../../sim/index.ts';
import { compareDelaysWithProgress, printDelays } from '../compare/delay-table.ts';
import { compareHorizons, printHorizons } from '../compare/horizon-curve.ts';
import {
  DELAYS,
  type EvaluationOptions,
  perturbOption,
  withEvaluation,
} from '../compare/options.ts';
import { comparePerturbed, printRobustness } from '../compare/robustness-table.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { listOf, numberWithin, oneOf, parseLane, wholeNumber, withSampler } from '../options.ts';
import { allowNamed, type PolicyServerOptions } from '../policy-servers.ts';

export function defineCompare(command: Command): void {
  withSampler(withEvaluation(command))
    .option(
      '--policies <list>',
      'names that ship or run ids, each as NAME, NAME:SAMPLER or NAME:SAMPLER:NFE, policy servers as ' +
        "ws://HOST:PORT, LeRobot's diffusion policies as lerobot:DIR, and ONNX files as onnx:FILE",
      'l2,diffusion,flow',
    )
    .addOption(
      new Option(
        '--until <when>',
        'decided: stop rolling a policy out once the test tells it apart from all others, or what is left ' +
          'of --rollouts would do so with a chance of less than 5 %. --rollouts is then the maximum, by default each ' +
          'from its own start; pairs still open at the end stay undecided',
      )
        .choices(['decided'])
        .conflicts(['actionHorizons', 'delays', 'schemes']),
    )
    .addOption(
      new Option(
        '--within <delta>',
        'δ: a smaller difference in success counts as the same, such as 0.05',
      )
        .argParser(numberWithin(LIMITS.within.least, LIMITS.within.most))
        .conflicts(['delays', 'schemes']),
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
    .addOption(
      perturbOption().conflicts(['until', 'within', 'actionHorizons', 'delays', 'schemes']),
    )
    .action(compareAll);
}

interface CompareOptions extends EvaluationOptions, SamplerChoice, PolicyServerOptions {
  readonly policies: string;
  readonly actionHorizons?: readonly number[];
  readonly delays?: readonly number[];
  readonly schemes?: readonly Scheme[];
  readonly perturb?: readonly Perturbation[];
}

async function compareAll(given: CompareOptions): Promise<void> {
  const lanes = given.policies.split(',').map((entry) => parseLane(entry, given));
  const options = allowNamed(
    given,
    lanes.map(({ policy }) => policy),
  );
  const { actionHorizons, delays, schemes = SCHEMES, perturb } = options;
  if (perturb) {
    printRobustness(await comparePerturbed(lanes, perturb, options), options);
  } else if (delays) {
    printDelays(await compareDelaysWithProgress(lanes, delays, schemes, options), options);
  } else if (actionHorizons) {
    printHorizons(await compareHorizons(lanes, actionHorizons, options), options);
  } else {
    printComparison(await compareWithProgress(lanes, options), options);
  }
}
