/** With what is added to it, no longer than a name may be. */
const LONGEST_NAME = 48;

/** A dataset beside another: of its failed takes, or of corrections; one that is that already is itself. */
export function derivedName(dataset: string, kind: 'failed' | 'corrections'): string {
  return dataset.endsWith(`-${kind}`) ? dataset : `${dataset.slice(0, LONGEST_NAME)}-${kind}`;
}
