/**
 * Writes what a page without a server needs into the folder that the page has been built to:
 * policies, traced, and the runtime that runs them. `npm run build:static` does both.
 *
 * @cost about 50 s
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SHIPPED_NAMES, type ShippedName } from '../policies/config/index.ts';
import { PACKAGE_ROOT } from '../server/storage/package-root.ts';
import { EXIT } from './exit.ts';
import { writeShipment } from './static/shipment.ts';

const HELP = `npm run build:static -- [--policies LIST]

Builds the page that needs no server: a folder for any host of files, from any path.

  --policies LIST  checkpoints that ship, comma-separated (default: all:
                   ${SHIPPED_NAMES.join(', ')})
  --out DIR        where the page has been built to (default: dist/static)
  --draft          pack quickly what runs the policies: a fifth larger
  --help           this text
`;

const { values } = parseArgs({
  options: {
    policies: { type: 'string' },
    out: { type: 'string' },
    draft: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const names = values.policies?.split(',') ?? SHIPPED_NAMES;
  const unknown = names.filter((name) => !SHIPPED_NAMES.some((known) => known === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: --policies: expected some of ${SHIPPED_NAMES.join(', ')}, got ${unknown.join(', ')}\n`,
    );
    process.exitCode = EXIT.usage;
  } else {
    const out = resolve(values.out ?? join(PACKAGE_ROOT, 'dist/static'));
    await writeShipment(out, names as ShippedName[], values.draft ? 'draft' : 'full');
    process.stdout.write(`${out}\n`);
  }
}
