import { type ControlHz, findTask, type TaskName } from '../sim/index.ts';
import { type DoorAddress, openDoor, type RunningDoor, tokenFor } from './door.ts';
import { declareEnvironment } from './environment/declaration.ts';
import { readEnvironmentRequest } from './environment/request.ts';
import { reportError } from './error-report.ts';
import { startWorlds } from './jobs/asked-work.ts';

export interface EnvironmentServerOptions extends DoorAddress {
  readonly task: TaskName;
  readonly controlHz: ControlHz;
  /** Child processes that clients are shared out to. */
  readonly processes: number;
}

/**
 * Lets clients step worlds of a task. What they ask wrongly is answered with an error, and their worlds
 * stay as they are; a client that goes leaves none behind.
 *
 * @throws ProtocolError for a token that can be guessed; the system's error where the port is taken
 */
export async function serveEnvironment(options: EnvironmentServerOptions): Promise<RunningDoor> {
  const { controlHz, processes } = options;
  const token = tokenFor(options);
  const task = findTask(options.task);
  const services = Array.from({ length: processes }, () =>
    startWorlds({ task: task.name, controlHz }),
  );
  const close = () => {
    for (const service of services) service.close();
  };
  const serviceOf = (client: number) => services[client % services.length];
  try {
    await Promise.all(services.map(({ ready }) => ready));
    return await openDoor(
      { ...options, token },
      {
        metadata: declareEnvironment(task, controlHz),
        answering: {
          async answer(frame, { client }) {
            try {
              const request = readEnvironmentRequest(frame, task);
              const { fields, ms } = await serviceOf(client).ask({ client, request });
              return { fields, timing: { step_ms: ms } };
            } catch (error) {
              const report = reportError(error);
              if (report.code === 'internal') throw error;
              return { fields: { error: { ...report } }, timing: {} };
            }
          },
          tell: (error) => reportError(error).message,
          left(client) {
            // There is nobody to be told that it failed.
            serviceOf(client)
              .ask({ client, request: null })
              .catch(() => {});
          },
        },
      },
      services,
    );
  } catch (error) {
    close();
    throw error;
  }
}
