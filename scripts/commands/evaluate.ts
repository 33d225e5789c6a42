import type { Command } from 'commander';
import { type EvaluationOptions, withEvaluation } from '../compare/options.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { laneOf, type PolicyOptions, sourceOf, withPolicy } from '../options.ts';

export function addEvaluate(program: Command): void {
  withPolicy(withEvaluation(program.command('evaluate')))
    .description('evaluate one policy: success, contact, modes, latency')
    .action(async (options: EvaluationOptions & PolicyOptions) => {
      const lane = laneOf(sourceOf(options), options);
      printComparison(await compareWithProgress([lane], options), options);
    });
}
