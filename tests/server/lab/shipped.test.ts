import { expect, it } from 'vitest';
import { conditionKind, policyName, REGISTRY } from '../../../policies/spec/index.ts';
import { listShipped } from '../../../server/lab/shipped.ts';

it('what ships is what the registry says of it: the page goes by that until it is told', async () => {
  const shipped = await listShipped();
  expect(shipped.map(({ name }) => name)).toEqual(REGISTRY.map(({ name }) => name));
  for (const [i, { name, spec }] of shipped.entries()) {
    const { objective, network, conditions } = REGISTRY[i];
    expect(policyName(spec)).toBe(name);
    expect([spec.objective, spec.network.kind]).toEqual([objective, network]);
    expect(conditions).toContain(conditionKind(spec));
  }
});
