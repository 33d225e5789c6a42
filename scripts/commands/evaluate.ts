import type { Command } from 'commander';
import { type EvaluationOptions, withEvaluation } from '../compare/options.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { laneOf, type PolicyOptions, sourceOf, withPolicy } from '../options.ts';

export function defineEvaluate(command: Command): void {
  withPolicy(withEvaluation(command)).action(async (options: EvaluationOptions & PolicyOptions) => {
    const lane = laneOf(sourceOf(options), options);
    printComparison(await compareWithProgress([lane], options), options);
  });
}
