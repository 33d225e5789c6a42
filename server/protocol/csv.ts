/** Rows as comma-separated values. @see RFC 4180 */
export function formatCsv(
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
