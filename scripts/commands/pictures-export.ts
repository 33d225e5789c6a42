import type { Command } from 'commander';
import { writeFileAtomic } from '../../demos/files/index.ts';
import { encodePainter } from '../../policies/checkpoint/painter.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { filePath } from '../paths.ts';
import { printJson } from '../table.ts';

interface ExportOptions {
  readonly painter: string;
  readonly out: string;
  readonly json?: true;
}

export function defineExportPainter(command: Command): void {
  command
    .description('write a painter without its training state, an eighth as large, to share it')
    .requiredOption('--painter <file>', 'a painter: a file that "pictures train" wrote')
    .requiredOption(
      '--out <file>',
      'file to write; it can draw, but training cannot continue from it',
      filePath,
    )
    .option('--json', 'print the result as one JSON document on standard output')
    .action(exportPainter);
}

async function exportPainter({ painter, out, json }: ExportOptions): Promise<void> {
  const checkpoint = await openPainter(painter);
  const bytes = encodePainter({ ...checkpoint, state: null });
  await writeFileAtomic(out, bytes);
  if (json) printJson({ path: out, bytes: bytes.length, step: checkpoint.step });
  else process.stdout.write(`${out}: ${(bytes.length / 1e6).toFixed(1)} MB\n`);
}
