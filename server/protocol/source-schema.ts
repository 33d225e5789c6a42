import { z } from 'zod';
import { type PolicySource, SOURCE_KINDS } from './sources.ts';

const [first, ...others] = Object.entries(SOURCE_KINDS).map(([kind, { key, names }]) =>
  z.strictObject({
    kind: z.literal(kind),
    [key]: 'pattern' in names ? z.string().regex(names.pattern, names.expected) : z.enum(names),
  }),
);

/** A source as requests and files hold it: of one of the kinds there are, under a name it may have. */
export const policySourceSchema = z.discriminatedUnion('kind', [
  first,
  ...others,
  // The compiler does not follow keys that are computed.
]) as unknown as z.ZodType<PolicySource, PolicySource>;
