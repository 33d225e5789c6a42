/** What is to be done when a test file is. `setup.ts` sees to it. */
const endings: (() => unknown)[] = [];

/**
 * Does something when the present test file is done, the last one added first. Where files share
 * modules, a hook at the top level of one would be heard by the first file alone.
 */
export function afterFile(end: () => unknown): void {
  endings.push(end);
}

export async function endFile(): Promise<void> {
  for (let end = endings.pop(); end; end = endings.pop()) await end();
}
