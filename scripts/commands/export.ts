import { setImmediate as yieldToSignals } from 'node:timers/promises';
import type { Command } from 'commander';
import { writeFileAtomic } from '../../demos/files/index.ts';
import { chooseSampler } from '../../policies/config/index.ts';
import { exportOnnx } from '../../policies/export.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { StoppedError } from '../../server/protocol/errors.ts';
import { loadPolicy } from '../../server/storage/open-policy.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { describeExport } from '../describe-export.ts';
import { interruptible } from '../interrupt.ts';
import {
  type CommonOptions,
  numberWithin,
  type PolicyOptions,
  sourceOf,
  wholeNumber,
  withCommon,
  withPolicy,
} from '../options.ts';
import { filePath } from '../paths.ts';
import { printJson } from '../table.ts';

interface ExportCommandOptions extends CommonOptions, PolicyOptions {
  readonly out: string;
  readonly batch?: number;
  readonly guidance: number;
}

export function defineExport(command: Command): void {
  withPolicy(withCommon(command))
    .requiredOption('--out <file>', 'file to write', filePath)
    .option(
      '--batch <n>',
      'rows of its inputs, fixed, and up to 16 steps one after the other (default: any number of rows, ' +
        'and steps in a loop)',
      wholeNumber(1, 1024),
    )
    .option(
      '--guidance <w>',
      'scale of classifier-free guidance, for a policy that reads: 0 ignores the instruction, 1 as trained',
      numberWithin(0, 100),
      1,
    )
    .action(exportPolicy);
}

async function exportPolicy(options: ExportCommandOptions): Promise<void> {
  const { data, json, out, batch, guidance } = options;
  const workspace = openWorkspace({ data, engine: 'compiled' });
  const policy = await loadPolicy(workspace, sourceOf(options));
  const sampler = chooseSampler(policy.spec.objective, options);
  const plan = createPlan(policy.spec.objective, sampler);
  const metadata = describeExport(policy, sampler, plan, options);
  const model = await interruptible('stopping; nothing is written', async (signal) => {
    const bytes = await exportOnnx(policy, plan, { batch, guidance, metadata });
    // Tracing cannot be interrupted: a Ctrl-C that came during it is handled here.
    await yieldToSignals();
    if (signal.aborted) throw new StoppedError();
    await writeFileAtomic(out, bytes);
    return bytes;
  });
  if (json) printJson({ path: out, bytes: model.length, metadata });
  else process.stdout.write(`${out}: ${(model.length / 1e6).toFixed(1)} MB\n`);
}
