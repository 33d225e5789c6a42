// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { toFloats, unpackFan, unpackFrame } from '../../../server/protocol/frames.ts';
import type {
  Fan,
  RequestInput,
  StageEpisode,
  StageFrame,
  StageProblem,
} from '../../../server/protocol/index.ts';
import type { Connection } from '../../shared/link/connection.ts';

/** What a stage on the server says. */
export interface StageEvents {
  episode(episode: StageEpisode): void;
  frame(frame: StageFrame): void;
  fan(fan: Fan): void;
  problem(problem: StageProblem): void;
}

type Command = RequestInput<'stage:command'>;

/** The stage on the server: commands on their way, frames read and acknowledged. */
export interface StageLink {
  /** Read in an effect, it is run again when the connection comes or goes. */
  online(): boolean;
  /** @throws where the server does not answer, or refuses */
  ask(command: Command): Promise<void>;
  /** Asks where there is a connection; the next settings say it all again. */
  tell(command: Command): void;
  hear(events: StageEvents): void;
}

export function createStageLink(connection: Connection): StageLink {
  const { socket } = connection;
  const online = () => connection.status.value === 'online';
  const ask = async (command: Command) => {
    await connection.request('stage:command', command);
  };
  return {
    online,
    ask,
    tell(command) {
      if (online()) ask(command).catch(() => undefined);
    },
    hear(events) {
      socket.on('stage:episode', (episode) => events.episode(episode));
      socket.on('stage:error', (problem) => events.problem(problem));
      // Acknowledged first: the server sends no more than the page takes in.
      socket.on('stage:frame', (packed, received) => {
        received();
        const numbers = toFloats(packed);
        const frame = numbers && unpackFrame(numbers);
        if (frame) events.frame(frame);
      });
      socket.on('stage:fan', (packed, received) => {
        received();
        const numbers = toFloats(packed);
        const fan = numbers && unpackFan(numbers);
        if (fan) events.fan(fan);
      });
    },
  };
}
