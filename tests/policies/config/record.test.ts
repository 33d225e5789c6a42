import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainIssues } from '../../../policies/config/index.ts';
import { partialRecordOf, recordOf } from '../../../policies/config/record.ts';

const NAMES = z.enum(['mass', 'push']);

describe.each([
  ['a record', recordOf(z.string().max(9), z.number())],
  ['a partial record', partialRecordOf(NAMES, z.number())],
])('%s', (_, schema) => {
  it('gives back what JSON says', () => {
    expect(schema.parse(JSON.parse('{"mass": 2, "push": 0.5}'))).toEqual({ mass: 2, push: 0.5 });
    expect(schema.parse({})).toEqual({});
  });

  it.each(['{"__proto__": 1}', '{"mass": 2, "__proto__": {"push": 3}}', '{"__proto__": null}'])(
    'refuses %s with its reason',
    (json) => {
      const { error } = schema.safeParse(JSON.parse(json));
      expect(error && explainIssues(error)).toContain('got "__proto__"');
    },
  );

  it.each(['null', '[]', '7', '"mass"', '{"mass": "2"}'])('refuses %s', (json) => {
    expect(schema.safeParse(JSON.parse(json)).success).toBe(false);
  });
});
