import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { serveEnvironment } from '../../server/environment-server.ts';
import { CONTROL_RATES, type ControlHz, TASKS, type TaskName } from '../../sim/index.ts';
import { wholeNumber } from '../options.ts';
import { type DoorCommandOptions, serveUntilEnd, withDoor } from '../serve-until-end.ts';

/** Most child processes; each takes about 80 MB. */
const MOST_PROCESSES = 64;

interface EnvironmentServerCommandOptions extends DoorCommandOptions {
  readonly task: TaskName;
  readonly controlHz: string;
  readonly processes: number;
}

export function defineEnvironmentServer(command: Command): void {
  withDoor(
    command
      .addOption(
        new Option('--task <name>', 'what is to be done in its worlds')
          .choices(TASKS.map(({ name }) => name))
          .default('left-right'),
      )
      .addOption(
        new Option('--control-hz <hz>', 'control rate')
          .choices(CONTROL_RATES.map(String))
          .default('20'),
      ),
    8001,
  )
    .addOption(
      new Option('--processes <n>', 'child processes that clients are shared out to')
        .argParser(wholeNumber(1, MOST_PROCESSES))
        .default(Math.min(4, availableParallelism()), 'one a core, at most four'),
    )
    .action(start);
}

async function start(options: EnvironmentServerCommandOptions): Promise<void> {
  const controlHz = Number(options.controlHz) as ControlHz;
  const server = await serveEnvironment({ ...options, controlHz });
  await serveUntilEnd(server, `Worlds of ${options.task} are at ${server.url}`);
}
