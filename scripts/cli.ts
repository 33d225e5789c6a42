#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { reportError } from '../server/error-report.ts';
import { StoppedError } from '../server/protocol/errors.ts';
import { addBench } from './commands/bench.ts';
import { addCompare } from './commands/compare.ts';
import { addDemos } from './commands/demos.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExport } from './commands/export.ts';
import { addInstructions } from './commands/instructions.ts';
import { addLatency } from './commands/latency.ts';
import { addLesson } from './commands/lesson.ts';
import { addPolicies } from './commands/policies.ts';
import { addReproduce } from './commands/reproduce.ts';
import { addServe } from './commands/serve.ts';
import { addTrain } from './commands/train.ts';
import { EXIT } from './exit.ts';
import { listenForEnd } from './interrupt.ts';
import { VERSION } from './version.ts';

const program = new Command('forking-paths')
  .description('Imitation-learning robot policies side by side: L2, diffusion and flow matching.')
  .version(VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride();

for (const add of [
  addServe,
  addDemos,
  addTrain,
  addEvaluate,
  addExport,
  addCompare,
  addInstructions,
  addLatency,
  addLesson,
  addPolicies,
  addReproduce,
  addBench,
  addDoctor,
]) {
  add(program);
}

listenForEnd();
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
    const { code, message } = reportError(error);
    process.stderr.write(`error: ${message}\n`);
    if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode =
      code === 'invalid-request' || code === 'not-found' ? EXIT.usage : EXIT.failed;
  }
}
