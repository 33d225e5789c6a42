#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { StoppedError } from '../server/protocol/errors.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit.ts';
import { listenForEnd } from './interrupt.ts';
import { VERSION } from './version.ts';

const program = new Command('forking-paths')
  .description('Imitation-learning robot policies side by side: L2, diffusion and flow matching.')
  .version(VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride();

listenForEnd();
const words = process.argv.slice(2);
for (const { name, description, define } of COMMANDS) {
  const command = program.command(name).description(description);
  // All commands together take longer to load than most take to do their work.
  if (words.includes(name)) await define(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof StoppedError) {
    // What keeps nothing may still be at it.
    process.exit(EXIT.interrupted);
  } else if (error instanceof CommanderError) {
    // Help and version end well; everything else commander objects to is wrong usage.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const { reportError } = await import('../server/error-report.ts');
    const { code, message } = reportError(error);
    process.stderr.write(`error: ${message}\n`);
    if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode =
      code === 'invalid-request' || code === 'not-found' ? EXIT.usage : EXIT.failed;
  }
}
