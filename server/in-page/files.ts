import { ProtocolError } from '../protocol/errors.ts';
import { unpack } from './pack.ts';
import { SHIPMENT, SHIPMENT_FILE, type Shipment, type ShippedFile } from './shipment.ts';

/** As the platform's. */
export type Fetch = (url: string) => Promise<Response>;

const CURE = 'copy the whole folder that "npm run build:static" made to the host again, and reload';

/** The files beside a page, each read once at most at a time. */
export class PageFiles {
  readonly #base: string;
  readonly #fetch: Fetch;

  /** @param base address of the page's folder */
  constructor(base: string, fetch: Fetch) {
    this.#base = base;
    this.#fetch = fetch;
  }

  /** @throws ProtocolError 'damaged' for one of another version, and as `read` */
  async shipment(): Promise<Shipment> {
    const bytes = await this.#load(SHIPMENT_FILE);
    let shipment: Shipment;
    try {
      shipment = JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      const message = `${SHIPMENT_FILE}: expected JSON, got something else; ${CURE}`;
      throw new ProtocolError('damaged', message, { cause });
    }
    if (shipment?.shipment === SHIPMENT) return shipment;
    throw new ProtocolError(
      'damaged',
      `${SHIPMENT_FILE}: expected files of this version (${SHIPMENT}), got ` +
        `${JSON.stringify(shipment?.shipment)}; ${CURE}`,
    );
  }

  /**
   * @returns what the file holds, unpacked
   * @throws ProtocolError 'not-found' where there is none, 'damaged' where it is not whole, 'failed'
   *         where the host does not answer
   */
  async read({ path, bytes, packing }: ShippedFile): Promise<Uint8Array<ArrayBuffer>> {
    const packed = await this.#load(path);
    const got = await unpack(packed, packing, bytes).catch((cause: unknown) => {
      throw this.#damaged(path, bytes, `${packed.length} bytes that cannot be unpacked`, cause);
    });
    if (got.length === bytes) return got;
    throw this.#damaged(path, bytes, String(got.length));
  }

  async #load(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(path, this.#base).href;
    let response: Response;
    try {
      response = await this.#fetch(url);
    } catch (cause) {
      const message = `${url}: expected an answer, got none; check the connection, and reload`;
      throw new ProtocolError('failed', message, { cause });
    }
    if (!response.ok) {
      throw new ProtocolError(
        'not-found',
        `${url}: expected a file, got status ${response.status}; ${CURE}`,
      );
    }
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      const message = `${url}: expected a whole file, got a part of it; reload`;
      throw new ProtocolError('failed', message, { cause });
    }
  }

  #damaged(path: string, bytes: number, got: string, cause?: unknown): ProtocolError {
    const message = `${path}: expected ${bytes} bytes unpacked, got ${got}; ${CURE}`;
    return new ProtocolError('damaged', message, { cause });
  }
}
