import { openWebProgram, type WebRuntime } from '../../policies/engine/web.ts';
import type { Policy } from '../../policies/policy.ts';
import { TracedPolicy } from '../../policies/traced-policy.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type PolicySource, sourceName } from '../protocol/sources.ts';
import type { PolicyDoor } from '../stage/stage-policies.ts';
import type { PageFiles } from './files.ts';
import { outOfPlanes } from './pack.ts';
import { type Shipment, type ShippedTraced, WEIGHTS_NAME } from './shipment.ts';

/** The policies that lie beside a page. */
export class PagePolicies implements PolicyDoor {
  readonly #files: PageFiles;
  readonly #shipment: Shipment;
  readonly #runtime: WebRuntime | Promise<WebRuntime>;
  readonly #weights = new Map<string, Promise<Uint8Array>>();

  constructor(files: PageFiles, shipment: Shipment, runtime: WebRuntime | Promise<WebRuntime>) {
    this.#files = files;
    this.#shipment = shipment;
    this.#runtime = runtime;
  }

  /** @throws ProtocolError 'not-found' for what does not lie there; as `PageFiles.read` */
  async open(source: PolicySource): Promise<Policy> {
    const found = this.#find(source);
    if (!found) {
      throw new ProtocolError(
        'not-found',
        `${sourceName(source)}: expected one of ` +
          `${this.#shipment.policies.map(({ name }) => name).join(', ')}, which came with this ` +
          'page; others need the program itself',
      );
    }
    return new TracedPolicy(found, async ({ batch, attention }) => {
      const program = found.programs.find(
        (each) => each.batch === batch && each.attention === attention,
      );
      if (!program) throw new Error(`expected a program of ${found.name} for ${batch} rows`);
      const { model, shape } = program;
      const [bytes, data] = await Promise.all([this.#files.read(model), this.#weightsOf(found)]);
      return openWebProgram(
        await this.#runtime,
        { model: bytes, shape },
        { file: WEIGHTS_NAME, data },
      );
    });
  }

  /** What lies beside a page never becomes another policy. */
  async revision(): Promise<number> {
    return 0;
  }

  /** Begins to fetch what a policy acts with: several are opened one after the other. */
  fetch(source: PolicySource): void {
    const found = this.#find(source);
    // What goes wrong is told when it is opened.
    if (found) this.#weightsOf(found).catch(() => undefined);
  }

  #find(source: PolicySource): ShippedTraced | undefined {
    if (source.kind !== 'shipped') return undefined;
    return this.#shipment.policies.find(({ name }) => name === source.name);
  }

  #weightsOf({ name, weights }: ShippedTraced): Promise<Uint8Array> {
    const known = this.#weights.get(name);
    if (known) return known;
    const read = this.#files.read(weights).then(outOfPlanes);
    this.#weights.set(name, read);
    // Whoever asks again may have cured it.
    read.catch(() => this.#weights.delete(name));
    return read;
  }
}
