import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { METHOD_NAMES, REGISTRY, SHIPPED } from '../../policies/config/index.ts';
import { POLICY_COLUMNS, policyRow } from '../../scripts/policy-row.ts';
import { cli } from '../support/cli.ts';
import { ROOT } from '../support/sources.ts';

vi.setConfig({ testTimeout: 120_000 });

const whole = z.int().min(1);
const listing = z.strictObject({
  policies: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string().min(1),
      learns: z.string().min(1),
      objective: z.looseObject({ kind: z.string() }),
      network: z.enum(['unet', 'lstm']),
      samplers: z
        .array(
          z.strictObject({
            kind: z.string(),
            nfe: z.strictObject({ least: whole, most: whole, step: whole, usual: whole }),
          }),
        )
        .min(1),
      conditions: z.array(z.enum(['none', 'text', 'text+image'])).min(1),
      presets: z.array(z.string()).min(1),
      ships: z.array(z.strictObject({ name: z.string(), task: z.string() })),
    }),
  ),
});

describe('the policies', () => {
  it('are listed as JSON, with the tasks they ship for', async () => {
    const { code, stdout, stderr } = await cli('policies', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { policies } = listing.parse(JSON.parse(stdout));
    expect(policies.map(({ name }) => name)).toEqual(METHOD_NAMES);
    for (const { name, ships } of policies) {
      // A method need not ship.
      if (!(name in SHIPPED)) continue;
      expect(ships).toContainEqual({ name, task: 'left-right' });
    }
    for (const name of ['reading-flow', 'seeing-flow', 'lesson-flow']) {
      const told = { name, task: 'left-right-colour' };
      expect(policies.find((policy) => policy.name === 'flow')?.ships).toContainEqual(told);
    }
  });

  it('are listed for people, a row each', async () => {
    const { code, stdout } = await cli('policies');
    expect(code).toBe(0);
    for (const entry of REGISTRY) {
      for (const cell of policyRow(entry)) expect(stdout).toContain(cell);
    }
  });

  it('are in the README as the registry has them', () => {
    const readme = readFileSync(`${ROOT}README.md`, 'utf8');
    const section = readme.slice(readme.indexOf('## The policies'));
    const table = section
      .slice(0, section.indexOf('\n## '))
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replaceAll('`', '').slice(1, -1).split('|'))
      .map((cells) => cells.map((cell) => cell.trim()));
    const [header, , ...rows] = table;
    expect(header).toEqual(POLICY_COLUMNS);
    expect(rows).toEqual(REGISTRY.map(policyRow));
  });
});
