import { expect, it } from 'vitest';
import {
  conditionKind,
  policyName,
  REGISTRY,
  SHIPPED,
  SHIPPED_NAMES,
} from '../../../policies/spec/index.ts';
import { listShipped } from '../../../server/lab/shipped.ts';

it('what ships is what the registry says of it: the page goes by that until it is told', async () => {
  const shipped = await listShipped();
  expect(shipped.map(({ name }) => name)).toEqual(SHIPPED_NAMES);
  for (const { name, spec } of shipped) {
    const registered = REGISTRY.find((each) => each.name === SHIPPED[name]);
    expect(policyName(spec)).toBe(SHIPPED[name]);
    expect(spec.network.kind).toBe(registered?.network);
    expect(registered?.conditions).toContain(conditionKind(spec));
    // One that reads is trained at other times; its samplers are the same.
    if (spec.condition) expect(spec.objective.kind).toBe(registered?.objective.kind);
    else expect(spec.objective).toEqual(registered?.objective);
  }
});

it.each(['reading-flow', 'seeing-flow', 'lesson-flow'])(
  '%s knows the words of its task',
  async (wanted) => {
    const { spec } = (await listShipped()).find(({ name }) => name === wanted) ?? {};
    expect(spec?.task).toBe('left-right-colour');
    expect(spec?.condition?.text).toMatchObject({ vocabulary: expect.arrayContaining(['red']) });
  },
);

it.each(['seeing-flow', 'lesson-flow'])('%s is told of its own arm alone', async (wanted) => {
  const { spec } = (await listShipped()).find(({ name }) => name === wanted) ?? {};
  expect(spec?.condition).toMatchObject({ image: { size: 64 }, observed: [{ name: 'state' }] });
});

it('the one of the lesson plans two seconds at 50 Hz', async () => {
  const { spec } = (await listShipped()).find(({ name }) => name === 'lesson-flow') ?? {};
  expect(spec).toMatchObject({ controlHz: 50, predHorizon: 100 });
});
