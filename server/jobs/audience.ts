import { createHash, type Hash } from 'node:crypto';
import { contentOf, EPISODE_AT, laneOfFan, unpackFrame } from '../protocol/frames.ts';
import type {
  StageCommand,
  StageEpisode,
  StagePosition,
  StageSettings,
} from '../protocol/stage.ts';
import type { TogetherWord } from '../protocol/together.ts';
import type { StageNews } from '../stage/stage-host.ts';
import type { StageListener } from './stage-service.ts';

export interface AudienceDoor {
  /** Asks something of the stage that is watched. */
  command(command: StageCommand): void;
  goTo(position: StagePosition): void;
  /** A word for other servers. */
  tell(word: TogetherWord): void;
  trouble(message: string): void;
  /** Others may take so long to say how far they are, ms; 0: at once. */
  readonly settleMs: number;
}

/** One of those who watch. */
interface Spectator {
  readonly listener: StageListener;
  /** Of the settings it asked for. */
  readonly request: number;
  /** Whether it wants to see what happens. */
  playing: boolean;
  /** The episode it was last told of. */
  told: number | null;
}

/** All pages of a server that watch one stage. */
export class Audience {
  /** Of the stage, on whatever server it is played. */
  readonly name: string;
  readonly #settings: StageSettings;
  readonly #door: AudienceDoor;
  readonly #spectators = new Map<string, Spectator>();
  /** The furthest that it or another server has come. */
  #position: StagePosition | null = null;
  /** That was told by others, and nothing was shown of it here. */
  #toldOfIt = false;
  /** Others have had their say: until then it follows them, and tells them nothing. */
  #settled = false;
  /** The episode under way; null where there is none, or where others are further. */
  #episode: StageEpisode | null = null;
  /** What has been shown of it last. */
  #shown = new Map<number | 'frame', StageNews>();
  #failed = false;
  #frames = new FrameDigest();
  /** Of the episode before the one under way; null where not all of it was played. */
  #played: string | null = null;
  #warned = false;

  /** @param settings of who comes first: for all others they are the same, but for where it begins */
  constructor(name: string, settings: StageSettings, door: AudienceDoor) {
    this.name = name;
    this.#settings = settings;
    this.#door = door;
  }

  /** @throws ProtocolError 'busy' where there are too many stages */
  open(): void {
    this.#failed = false;
    this.#door.command({ kind: 'set', settings: this.#settings });
    this.#door.tell({ kind: 'where', stage: this.name });
    const { settleMs } = this.#door;
    if (settleMs === 0) this.#settled = true;
    else if (!this.#settled) setTimeout(() => this.#settle(), settleMs).unref();
  }

  /** Shows somebody what is shown to all, from the episode under way on. */
  join(viewer: string, as: Omit<Spectator, 'told'>): void {
    if (this.#failed) this.open();
    const spectator: Spectator = { ...as, told: null };
    this.#spectators.set(viewer, spectator);
    this.#bringUp(spectator);
  }

  play(viewer: string, playing: boolean): void {
    const spectator = this.#spectators.get(viewer);
    if (!spectator) return;
    spectator.playing = playing;
    this.#bringUp(spectator);
  }

  /** @returns whether nobody is left */
  part(viewer: string): boolean {
    this.#spectators.delete(viewer);
    return this.#spectators.size === 0;
  }

  /** What the stage says. */
  take(said: StageNews): void {
    switch (said.kind) {
      case 'episode':
        this.#begin(said.episode);
        break;
      case 'frame':
      case 'fan': {
        if (said.packed[EPISODE_AT[said.kind]] !== this.#episode?.id) return;
        if (said.kind === 'frame') this.#frames.add(said.packed);
        this.#shown.set(said.kind === 'frame' ? 'frame' : laneOfFan(said.packed), said);
        for (const spectator of this.#spectators.values()) {
          if (spectator.playing) spectator.listener(said);
        }
        break;
      }
      case 'trouble':
        for (const { listener } of this.#spectators.values()) listener(said);
        break;
      case 'error':
        this.#failed = true;
        for (const { listener, request } of this.#spectators.values()) {
          listener({ ...said, error: { ...said.error, request } });
        }
        break;
    }
  }

  /** What another server tells of the same stage. */
  hear({ episode, counts, played }: Extract<TogetherWord, { kind: 'begun' }>): void {
    const here = this.#position?.episode ?? -1;
    // Who opens a stage that is under way elsewhere joins it, wherever its own first page would begin.
    const joins = !this.#settled && !this.#toldOfIt;
    if (episode > here || (joins && episode < here)) {
      this.#position = { episode, counts };
      this.#toldOfIt = true;
      this.#door.goTo(this.#position);
    } else if (episode < here) {
      // Who lags is told.
      this.tell();
    } else if (this.#played !== null && played !== null && played !== this.#played) {
      this.#warn(episode - 1);
    }
  }

  tell(): void {
    if (
      !this.#settled ||
      this.#position === null ||
      this.#episode?.episode !== this.#position.episode
    )
      return;
    const { episode, counts } = this.#position;
    const word = { episode, counts: [...counts], played: this.#played };
    this.#door.tell({ kind: 'begun', stage: this.name, ...word });
  }

  catchUp(): void {
    this.#door.tell({ kind: 'where', stage: this.name });
    this.tell();
  }

  #settle(): void {
    this.#settled = true;
    this.tell();
  }

  #begin(episode: StageEpisode): void {
    this.#failed = false;
    const ahead = this.#position;
    const gone = this.#episode;
    this.#shown.clear();
    const played = this.#frames.take();
    const elsewhere = this.#toldOfIt && ahead?.episode !== episode.episode;
    if (ahead && (elsewhere || ahead.episode > episode.episode)) {
      this.#episode = null;
      this.#door.goTo(ahead);
      return;
    }
    this.#toldOfIt = false;
    this.#played = gone?.episode === episode.episode - 1 ? played : null;
    this.#episode = episode;
    this.#position = { episode: episode.episode, counts: episode.counts };
    this.tell();
    for (const spectator of this.#spectators.values()) this.#bringUp(spectator);
  }

  /** Tells of the episode under way who does not know of it, and what it looks like now. */
  #bringUp(spectator: Spectator): void {
    const { listener, request, playing, told } = spectator;
    if (!playing || !this.#episode || told === this.#episode.id) return;
    spectator.told = this.#episode.id;
    listener({ viewer: this.name, kind: 'episode', episode: { ...this.#episode, request } });
    for (const said of this.#shown.values()) listener(said);
  }

  #warn(episode: number): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#door.trouble(
      `stage ${this.name.slice(0, 8)}: expected other servers to play episode ${episode} to the same bits, got ` +
        'one that does not; give them equal processors, runs and policy servers, or their pages show others',
    );
  }
}

/** Digest of the frames of an episode, which tells whether two servers have played the same. */
class FrameDigest {
  #hash: Hash | null = null;
  #ended = false;

  add(packed: Float32Array): void {
    const frame = unpackFrame(packed, Number.POSITIVE_INFINITY);
    if (typeof frame === 'string') return;
    // Only what is there from its beginning to its end can be compared.
    if (frame.step === 0) this.#hash = createHash('sha256');
    this.#hash?.update(contentOf(packed));
    this.#ended = frame.lanes.every(({ ended }) => ended);
  }

  /** @returns null where not all of the episode was there */
  take(): string | null {
    const digest = this.#ended ? (this.#hash?.digest('hex').slice(0, 32) ?? null) : null;
    this.#hash = null;
    this.#ended = false;
    return digest;
  }
}
