// Not from the index: it would bring the schemas and their library, which the page has no use for.
import {
  EPISODE_AT,
  explainFrame,
  type FrameProblem,
  toFloats,
  unpackFan,
  unpackFrame,
} from '../../../server/protocol/frames.ts';
import type {
  ErrorReport,
  Fan,
  RequestInput,
  StageEpisode,
  StageFrame,
  StageProblem,
  StageTrouble,
} from '../../../server/protocol/index.ts';
import type { Connection } from '../../shared/link/connection.ts';

/** What a stage on the server says. */
export interface StageEvents {
  episode(episode: StageEpisode): void;
  frame(frame: StageFrame): void;
  fan(fan: Fan): void;
  problem(problem: StageProblem): void;
  trouble(trouble: StageTrouble): void;
  /** A frame or fan that another version of the server has sent. */
  unreadable(error: ErrorReport): void;
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
  /** @param modes how many the task of an episode has; of one that is not shown, any number will do */
  hear(modes: (episodeId: number) => number, events: StageEvents): void;
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
    hear(modes, events) {
      const read = <T extends object>(
        packed: ArrayBuffer,
        kind: keyof typeof EPISODE_AT,
        unpack: (numbers: Float32Array, modes: number) => T | FrameProblem,
      ): T | null => {
        const numbers = toFloats(packed);
        const unpacked = numbers && unpack(numbers, modes(numbers[EPISODE_AT[kind]]));
        if (typeof unpacked !== 'string') return unpacked;
        if (unpacked !== 'malformed') {
          events.unreadable({ code: 'damaged', message: explainFrame(unpacked) });
        }
        return null;
      };
      socket.on('stage:episode', (episode) => events.episode(episode));
      socket.on('stage:error', (problem) => events.problem(problem));
      socket.on('stage:trouble', (trouble) => events.trouble(trouble));
      // Acknowledged first: the server sends no more than the page takes in.
      socket.on('stage:frame', (packed, received) => {
        received();
        const frame = read(packed, 'frame', unpackFrame);
        if (frame) events.frame(frame);
      });
      socket.on('stage:fan', (packed, received) => {
        received();
        const fan = read(packed, 'fan', unpackFan);
        if (fan) events.fan(fan);
      });
    },
  };
}
