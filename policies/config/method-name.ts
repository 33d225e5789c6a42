import { z } from 'zod';
import { METHOD_NAMES } from '../methods/index.ts';

/** A method that this version knows. */
export const methodNameSchema = z.enum(METHOD_NAMES, {
  error: ({ input }) =>
    `expected a method of ${METHOD_NAMES.join(', ')}, got ${named(input)}; a version that has it ` +
    'may have written this',
});

function named(input: unknown): string {
  return typeof input === 'string' ? `"${input.slice(0, 64)}"` : `a value of type ${typeof input}`;
}
