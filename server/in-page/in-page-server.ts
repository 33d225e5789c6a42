import type { WebRuntime } from '../../policies/engine/web.ts';
import type { Rapier } from '../../sim/index.ts';
import { codeOfActing } from '../acting-errors.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import type { RequestInput, RequestName, Responses, ServerEvents } from '../protocol/events.ts';
import { laneOfFan } from '../protocol/frames.ts';
import type { Inquiry } from '../protocol/inquiry.ts';
import { NewestFirst } from '../protocol/newest-first.ts';
import type { StageCommand, StageRequest, StageSettings } from '../protocol/stage.ts';
import { STAGE_DEFAULTS } from '../protocol/stage-defaults.ts';
import { PendingAsks } from '../stage/pending-asks.ts';
import { StageHost, type StageMessage } from '../stage/stage-host.ts';
import { type Fetch, PageFiles } from './files.ts';
import { PagePolicies } from './page-policies.ts';
import type { Shipment } from './shipment.ts';

/** What a page can be asked for that has no server. */
export const OFFERED = ['hello', 'stage:command', 'stage:ask', 'stage:go-on'] as const;
type Offered = (typeof OFFERED)[number];

/** What the page lends. */
export interface PageWorld {
  /** Address of the page's folder. */
  readonly base: string;
  readonly fetch: Fetch;
  loadPhysics(): Promise<Rapier>;
  /** @param wasm of the version that the shipment names */
  loadRuntime(wasm: ArrayBuffer): Promise<WebRuntime>;
  /** @param received calls back when the page has taken it in; of frames and fans alone */
  say<N extends keyof ServerEvents>(
    event: N,
    args: readonly unknown[],
    received: (() => void) | null,
  ): void;
}

/** Whoever looks at the page: there is one. */
const VIEWER = 'page';
const MOST_LANES = 4;

/**
 * What a server does for the stage, within the page: the same stages, physics and samplers, policies
 * that were traced beforehand.
 */
export class InPageServer {
  readonly #world: PageWorld;
  readonly #files: PageFiles;
  readonly #asks = new PendingAsks();
  readonly #frames: NewestFirst<Float32Array>;
  readonly #fans: readonly NewestFirst<Float32Array>[];
  #shipment: Promise<Shipment> | null = null;
  #opened: Promise<{ host: StageHost; policies: PagePolicies }> | null = null;

  constructor(world: PageWorld) {
    this.#world = world;
    this.#files = new PageFiles(world.base, world.fetch);
    const newestFirst = (event: 'stage:frame' | 'stage:fan') =>
      new NewestFirst<Float32Array>((packed, received) => {
        world.say(event, [bufferOf(packed)], received);
      });
    this.#frames = newestFirst('stage:frame');
    this.#fans = Array.from({ length: MOST_LANES }, () => newestFirst('stage:fan'));
  }

  /**
   * @param beside f32 numbers as bytes, that came beside the request
   * @throws ProtocolError and what policies throw, for `reportInPage`
   */
  async answer(
    name: RequestName,
    request: unknown,
    beside: ArrayBuffer | null,
  ): Promise<Responses[Offered]> {
    // The page's own types have checked what it asks: nobody else can.
    switch (name) {
      case 'hello':
        return this.#hello();
      case 'stage:command':
        this.#command(completed(request as RequestInput<'stage:command'>));
        return {};
      case 'stage:ask': {
        const inquiry = inquiryOf(request as RequestInput<'stage:ask'>);
        const { host } = await this.#open();
        return bufferOf(
          await this.#asks.ask(VIEWER, (id) =>
            host.command({ viewer: VIEWER, ask: { id, inquiry } }),
          ),
        );
      }
      case 'stage:go-on': {
        const goOn = request as RequestInput<'stage:go-on'>;
        const rows = new Float32Array(beside ?? new ArrayBuffer(0));
        const { host } = await this.#open();
        await this.#asks.ask(VIEWER, (id) =>
          host.command({ viewer: VIEWER, goOn: { id, request: goOn, rows } }),
        );
        return {};
      }
      default:
        throw new ProtocolError(
          'conflict',
          `${name}: expected one of ${OFFERED.join(', ')} of a page that has no server; run the ` +
            'program itself for all else',
        );
    }
  }

  async #hello(): Promise<Responses['hello']> {
    const { version, policies, ...shipment } = await this.#ship();
    const shipped = policies.map(({ name, spec }) => ({ name, spec }));
    // Nobody makes them here.
    const sets = shipment.sets.map((set) => ({ ...set, thrownAway: true }));
    return { version, shipped, sets, datasets: [], runs: [], jobs: [], comparisons: [] };
  }

  #command(command: StageCommand): void {
    const request = command.kind === 'set' ? command.settings.request : 0;
    this.#open().then(
      ({ host, policies }) => {
        if (command.kind === 'set') {
          for (const { policy } of command.settings.lanes) policies.fetch(policy);
        }
        host.command({ viewer: VIEWER, command });
      },
      (error: unknown) => {
        const problem = { ...reportInPage(error), request, lane: null, instruction: false };
        this.#world.say('stage:error', [problem], null);
      },
    );
  }

  #ship(): Promise<Shipment> {
    this.#shipment ??= this.#files.shipment().catch((error: unknown) => {
      this.#shipment = null;
      throw error;
    });
    return this.#shipment;
  }

  #open(): Promise<{ host: StageHost; policies: PagePolicies }> {
    this.#opened ??= this.#load().catch((error: unknown) => {
      // Whoever asks again may have cured it.
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #load(): Promise<{ host: StageHost; policies: PagePolicies }> {
    if (typeof WebAssembly !== 'object') {
      throw new ProtocolError(
        'failed',
        'expected a browser with WebAssembly, which runs physics and policies, got one without; ' +
          'allow it, or use another browser',
      );
    }
    const shipment = await this.#ship();
    const runtime = this.#files
      .read(shipment.runtime)
      .then((wasm) => this.#world.loadRuntime(wasm.buffer));
    // Of what goes wrong here the first policy that is opened hears.
    runtime.catch(() => undefined);
    const policies = new PagePolicies(this.#files, shipment, runtime);
    const rapier = await this.#world.loadPhysics();
    const engine = `in the page (${shipment.runtime.name}, WebAssembly)`;
    const world = { rapier, engine, policies, report: reportInPage };
    return { host: new StageHost(world, (message) => this.#hear(message)), policies };
  }

  #hear(message: StageMessage): void {
    const { say } = this.#world;
    if (message.kind === 'answer' || message.kind === 'refusal') this.#asks.settle(message);
    else if (message.kind === 'episode') say('stage:episode', [message.episode], null);
    else if (message.kind === 'trouble') say('stage:trouble', [message.trouble], null);
    else if (message.kind === 'error') say('stage:error', [message.error], null);
    else if (message.kind === 'frame') this.#frames.offer(message.packed, message.kept);
    else this.#fans[laneOfFan(message.packed)]?.offer(message.packed, message.kept);
  }
}

/** The place in the protocol's table of what can be thrown in a page. */
export function reportInPage(error: unknown): ErrorReport {
  if (error instanceof ProtocolError) return error.report;
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  return { code: codeOfActing(error) ?? 'internal', message: error.message };
}

/** What the schema fills in on a server. */
function inquiryOf(inquiry: RequestInput<'stage:ask'>): Inquiry {
  return inquiry.kind === 'turn' ? { ...inquiry, paths: inquiry.paths ?? false } : inquiry;
}

/** Likewise. */
function completed(command: RequestInput<'stage:command'>): StageCommand {
  if (command.kind !== 'set') return command;
  const settings: StageRequest = command.settings;
  return { ...command, settings: { ...STAGE_DEFAULTS, ...settings } as StageSettings };
}

function bufferOf(packed: Float32Array): ArrayBuffer {
  return Float32Array.from(packed).buffer;
}
