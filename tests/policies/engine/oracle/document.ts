import { operatorsOf } from './examples.ts';
import { LOWERING_ROWS, type LoweringRow, titleOf } from './lowerings.ts';

/** Largest error of a row's examples on the compiled engine. */
export type Measured = Readonly<Record<'tolerance' | 'gradient', number>>;

const ABOUT = `# Operators

What a function may be made of to run on the compiled engine: TensorFlow.js kernels, and the ONNX
operators each is written in. Any other is refused by name, with the folder to add it to.

Errors are |difference| / (1 + |value|), f32 against a float64 interpreter of the traced graph, over
shapes and numbers drawn at random (\`tests/policies/engine/parity.test.ts\`). Tolerances hold on
every engine, 0 meaning to the bit. Gradients are compared with central differences in float64 as
well, within 10⁻⁶. The largest errors are those of the compiled engine on the machine that wrote
this list; another processor rounds differently. To regenerate it:

    RECORD=operators npx vitest run tests/policies/engine/parity.test.ts
`;

const HEADER = [
  'kernel',
  'ONNX operators',
  'tolerance',
  "gradient's tolerance",
  'largest error',
  "gradient's largest error",
];
/** Those that differ from machine to machine: the last ones. */
const MEASURED_COLUMNS = 2;

/** @param worst what was measured; a row that was not has dashes */
export async function describeRows(worst: ReadonlyMap<LoweringRow, Measured>): Promise<string> {
  const lines = await Promise.all(
    LOWERING_ROWS.map(async (row) => {
      const operators = [...(await operatorsOf(row, LOWERING_ROWS))].sort();
      const measured = worst.get(row);
      return [
        titleOf(row),
        operators.join(', ') || 'a constant, or none',
        formatError(row.tolerance),
        formatError(row.gradient),
        formatError(measured?.tolerance),
        formatError(row.gradient === null ? null : measured?.gradient),
      ];
    }),
  );
  const table = [HEADER, HEADER.map((_, i) => (i < 2 ? '---' : '---:')), ...lines];
  return `${ABOUT}\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function formatError(error: number | null | undefined): string {
  if (error === null || error === undefined) return '–';
  return error === 0 ? '0' : error.toExponential(0);
}

/** The text without what differs from machine to machine. */
export function withoutErrors(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line) =>
      line.startsWith('|') ? line.split(' | ').slice(0, -MEASURED_COLUMNS).join(' | ') : line,
    )
    .join('\n');
}
