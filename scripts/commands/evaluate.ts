import type { Command } from 'commander';
import { type EvaluationOptions, withEvaluation } from '../compare/options.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { laneOf, type PolicyOptions, sourceOf, withPolicy } from '../options.ts';
import { allowNamed, type PolicyServerOptions } from '../policy-servers.ts';

type EvaluateOptions = EvaluationOptions & PolicyOptions & PolicyServerOptions;

export function defineEvaluate(command: Command): void {
  withPolicy(withEvaluation(command)).action(async (options: EvaluateOptions) => {
    const source = sourceOf(options);
    const lane = laneOf(source, options);
    printComparison(await compareWithProgress([lane], allowNamed(options, [source])), options);
  });
}
