import { resolve } from 'node:path';
import type { Command } from 'commander';
import { examine } from '../../server/doctor.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { printJson } from '../table.ts';
import { LEAST_NODE } from '../version.ts';

const MARKS = { ok: '✓', optional: '–', missing: '✗' } as const;

export function defineDoctor(command: Command): void {
  withCommon(command).action(doctor);
}

async function doctor({ data, json }: CommonOptions): Promise<void> {
  const findings = await examine(resolve(data), LEAST_NODE);
  const ok = findings.every(({ verdict }) => verdict !== 'missing');
  if (json) printJson({ ok, findings });
  else {
    const width = Math.max(...findings.map(({ what }) => what.length));
    for (const { what, found, verdict, cure } of findings) {
      process.stdout.write(`${MARKS[verdict]} ${what.padEnd(width)}  ${found}\n`);
      if (cure) process.stdout.write(`  ${' '.repeat(width)}  ${cure}\n`);
    }
  }
  if (!ok) process.exitCode = EXIT.failed;
}
