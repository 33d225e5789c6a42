import type { Failures } from '../server/protocol/results.ts';

/** Rows as aligned text; numbers to the right. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length)),
  );
  const isNumber = header.map((_, i) => rows.every((row) => /^[−+-]?[\d.,]|^–$|^$/.test(row[i])));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return `${[line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')}\n`;
}

export function percent(rate: number): string {
  return `${(100 * rate).toFixed(rate > 0 && rate < 0.1 ? 1 : 0)} %`;
}

/** Of rates: "97 % ± 2 %". */
export function meanAndDeviation({
  mean,
  deviation,
}: Record<'mean' | 'deviation', number>): string {
  return `${percent(mean)} ± ${percent(deviation)}`;
}

/** What there is to say of a thing, or a dash. */
export function orDash(value: string | number | null): string {
  return value === null ? '–' : String(value);
}

/** Why rollouts of a policy ended without a plan, a line a reason; nothing where none did. */
export function sayFailures({
  name,
  failures = {},
}: {
  name: string;
  failures?: Failures;
}): string {
  return Object.entries(failures)
    .map(([reason, count]) => `${name}: ${count} rollout(s) failed: ${reason}\n`)
    .join('');
}

/** An interval of rates. */
export function range([low, high]: readonly [number, number]): string {
  return `${percent(low)}–${percent(high)}`.replaceAll(' ', '');
}

/** Result as JSON, alone on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
