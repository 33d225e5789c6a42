import { createHash } from 'node:crypto';
import { ProtocolError } from '../protocol/errors.ts';
import type { Inquiry } from '../protocol/inquiry.ts';
import type { StageCommand, StageSettings } from '../protocol/stage.ts';
import { type StageState, stageAfter } from '../protocol/stage-state.ts';
import type { GoOnRequest } from '../protocol/takeover.ts';
import type { TogetherWord } from '../protocol/together.ts';
import { Audience } from './audience.ts';
import type { StageListener, StageService } from './stage-service.ts';

/** What is told to other servers, and whether they disagree. */
export interface AudienceNews {
  /** A word for all other servers. */
  tell(word: TogetherWord): void;
  /** Said once a stage. */
  trouble(message: string): void;
  /** Others may take so long to say how far they are with a stage that is opened here, ms; 0: at once. */
  readonly settleMs: number;
}

/** Alone, there is nobody to tell. */
const NOBODY: AudienceNews = { tell: () => {}, trouble: () => {}, settleMs: 0 };

/** A page that watches with others, and what it has asked for. */
interface Member {
  readonly audience: Audience;
  readonly state: StageState;
}

/**
 * Gives each page a stage of its own, or, where it asks to watch together, the one that all pages with
 * the same settings watch: one stage and one message from its process, however many they are.
 *
 * Other servers play the same stages by themselves: settings decide every bit of an episode. All they
 * tell one another is which episode has begun; whoever hears of a later one than its own goes there.
 */
export class Audiences {
  readonly #stages: StageService;
  readonly #program: string;
  readonly #news: AudienceNews;
  readonly #audiences = new Map<string, Audience>();
  readonly #members = new Map<string, Member>();

  /** @param program what rolls policies out: another one may give other bits, and is not told of */
  constructor(stages: StageService, program = '', news: AudienceNews = NOBODY) {
    this.#stages = stages;
    this.#program = program;
    this.#news = news;
  }

  /** As `StageService.command`. @throws ProtocolError 'conflict' for what would move all who watch */
  command(viewer: string, command: StageCommand, listener: StageListener): void {
    const member = this.#members.get(viewer);
    if (command.kind === 'set' && !command.settings.together) {
      if (member) this.#part(viewer, member);
      this.#stages.command(viewer, command, listener);
      return;
    }
    if (!member && command.kind !== 'set') {
      this.#stages.command(viewer, command, listener);
      return;
    }
    const state = stageAfter(member?.state ?? null, command);
    if (!state) return;
    if (command.kind === 'next') throw notAlone('the next episode');
    if (command.kind === 'play') member?.audience.play(viewer, command.playing);
    else this.#join(viewer, state, listener);
    const audience = this.#members.get(viewer)?.audience;
    if (audience) this.#members.set(viewer, { audience, state });
  }

  /** As `StageService.ask`. */
  async ask(viewer: string, inquiry: Inquiry): Promise<Float32Array> {
    if (this.#members.has(viewer)) throw notAlone('an answer about a moment');
    return this.#stages.ask(viewer, inquiry);
  }

  /** As `StageService.goOn`. */
  async goOn(viewer: string, request: GoOnRequest, rows: Float32Array): Promise<void> {
    if (this.#members.has(viewer)) throw notAlone('the arm');
    await this.#stages.goOn(viewer, request, rows);
  }

  leave(viewer: string): void {
    const member = this.#members.get(viewer);
    if (member) this.#part(viewer, member);
    else this.#stages.leave(viewer);
  }

  /** What another server tells. */
  hear(word: TogetherWord): void {
    const audience = this.#audiences.get(word.stage);
    if (word.kind === 'where') audience?.tell();
    else audience?.hear(word);
  }

  /** Tells others how far all stages are, and asks them: after what they told was not heard. */
  catchUp(): void {
    for (const audience of this.#audiences.values()) audience.catchUp();
  }

  #join(viewer: string, state: StageState, listener: StageListener): void {
    const name = stageName(this.#program, state.settings);
    const member = this.#members.get(viewer);
    if (member && member.audience.name !== name) this.#part(viewer, member);
    // A page that had a stage of its own gives it up.
    if (!member) this.#stages.leave(viewer);
    const audience = this.#audiences.get(name) ?? this.#open(name, state.settings);
    this.#members.set(viewer, { audience, state });
    audience.join(viewer, { listener, request: state.settings.request, playing: state.playing });
  }

  /** @throws ProtocolError 'busy' where there are too many stages */
  #open(name: string, settings: StageSettings): Audience {
    const audience = new Audience(name, settings, {
      command: (command) => this.#stages.command(name, command, (said) => audience.take(said)),
      goTo: (position) => this.#stages.goTo(name, position),
      ...this.#news,
    });
    this.#audiences.set(name, audience);
    try {
      audience.open();
    } catch (error) {
      this.#audiences.delete(name);
      throw error;
    }
    return audience;
  }

  #part(viewer: string, { audience }: Member): void {
    this.#members.delete(viewer);
    if (!audience.part(viewer)) return;
    this.#audiences.delete(audience.name);
    this.#stages.leave(audience.name);
  }
}

/** A digest of all that decides what a stage shows, but for how far it is. */
function stageName(program: string, { request, episode, ...settings }: StageSettings): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([program, sorted]))
    .digest('hex')
    .slice(0, 32);
}

function notAlone(what: string): ProtocolError {
  return new ProtocolError(
    'conflict',
    `stage: expected one of one's own for ${what}, got one that is watched together; leave "together" ` +
      'out of the address',
  );
}
