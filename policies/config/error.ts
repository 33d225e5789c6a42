/** Something asked of a policy that it cannot be or do; says which alternatives there are. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}
