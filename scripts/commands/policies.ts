import type { Command } from 'commander';
import { REGISTRY, SHIPPED } from '../../policies/config/index.ts';
import { describeObjective } from '../../policies/methods/index.ts';
import { listShipped } from '../../server/storage/shipped.ts';
import { POLICY_COLUMNS, policyRow } from '../policy-row.ts';
import { formatTable, printJson } from '../table.ts';

export function definePolicies(command: Command): void {
  command
    .option('--json', 'print the result as one JSON document on standard output')
    .action(policies);
}

async function policies({ json }: { json?: true }): Promise<void> {
  const shipped = await listShipped();
  const entries = REGISTRY.map((entry) => ({
    ...entry,
    ships: shipped
      .filter(({ name }) => SHIPPED[name] === entry.name)
      .map(({ name, spec }) => ({ name, task: spec.task })),
  }));
  if (json) {
    printJson({ policies: entries });
    return;
  }
  const rows = entries.map((entry) => [
    ...policyRow(entry),
    describeObjective(entry.name),
    entry.network,
    entry.ships.map(({ name, task }) => `${name} (${task})`).join(', ') || '–',
  ]);
  process.stdout.write(formatTable([...POLICY_COLUMNS, 'objective', 'network', 'ships as'], rows));
}
