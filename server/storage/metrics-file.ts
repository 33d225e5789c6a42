/**
 * `metrics.jsonl`: a line a metric, each with a digest of itself and all lines before it, so that
 * none can be changed, lost or moved unseen.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { sha256 } from '../../demos/files/index.ts';
import { type Metric, metricSchema } from '../protocol/runs.ts';

/** The chain before the first line. */
const BEGINNING = '';
/** Hexadecimal digits of a chain: enough to show accidents, no defence against forgers. */
const CHAIN_DIGITS = 16;
const CHAINED = new RegExp(`^(\\{.*),"chain":"([0-9a-f]{${CHAIN_DIGITS}})"\\}$`);

/** What a file says, up to the first thing that is wrong with it. */
export interface MetricsFile {
  readonly metrics: readonly Metric[];
  /** "line 7: expected …, got …"; null where all is sound. */
  readonly problem: string | null;
}

/** Lines of metrics, and the chain they end in. */
export interface EncodedMetrics {
  readonly text: string;
  readonly chain: string;
}

/** @param chain of the lines before */
export function encodeMetrics(metrics: readonly Metric[], chain = BEGINNING): EncodedMetrics {
  let text = '';
  for (const metric of metrics) {
    const body = JSON.stringify(metric);
    chain = chainOf(chain, body);
    text += `${body.slice(0, -1)},"chain":"${chain}"}\n`;
  }
  return { text, chain };
}

/**
 * A last line that is not whole, and zeros after the lines that are committed, are no damage: a kill
 * or a power cut leaves them. Lines without a chain are those of the version before, and come first.
 *
 * @param committed the chain of the lines that are certainly on the disk; undefined: nobody said
 */
export function parseMetrics(content: string, committed: string | undefined): MetricsFile {
  const metrics: Metric[] = [];
  const lines = content.split('\n').slice(0, -1);
  let chain = BEGINNING;
  let chained = false;
  let reached = committed === undefined || committed === BEGINNING;
  for (const [i, line] of lines.entries()) {
    if (reached && line.includes('\0')) break;
    const problem = (what: string) => ({ metrics, problem: `line ${i + 1}: ${what}` });
    const match = CHAINED.exec(line);
    const body = match ? `${match[1]}}` : line;
    const metric = parseMetric(body);
    if (!metric) return problem(`expected a metric, got ${JSON.stringify(line.slice(0, 80))}`);
    chain = chainOf(chain, body);
    if (match && match[2] !== chain) {
      return problem(`expected chain ${match[2]} over it and all before it, got ${chain}`);
    }
    if (!match && chained) return problem('expected a chain, as the line before it has, got none');
    chained ||= match !== null;
    reached ||= chain === committed;
    metrics.push(metric);
  }
  if (reached) return { metrics, problem: null };
  return {
    metrics,
    problem:
      `expected all lines up to the one of chain ${committed}, as run.json says, got ` +
      `${lines.length} without it`,
  };
}

/** The file of a run that is being trained. */
export class MetricsLog {
  readonly #file: FileHandle;
  #chain: string;

  private constructor(file: FileHandle, chain: string) {
    this.#file = file;
    this.#chain = chain;
  }

  /**
   * @param path  a regular file
   * @param chain of what it holds
   */
  static async open(path: string, chain: string): Promise<MetricsLog> {
    const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    return new MetricsLog(await open(path, flags), chain);
  }

  /** A power cut may undo it until `commit`. */
  async append(metric: Metric): Promise<void> {
    const { text, chain } = encodeMetrics([metric], this.#chain);
    await this.#file.appendFile(text);
    this.#chain = chain;
  }

  /**
   * Waits until all that was appended is on the disk.
   *
   * @returns the chain of it
   */
  async commit(): Promise<string> {
    await this.#file.datasync();
    return this.#chain;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function chainOf(before: string, body: string): string {
  return sha256(before + body).slice(0, CHAIN_DIGITS);
}

/** @returns null for a line that is no metric */
function parseMetric(line: string): Metric | null {
  try {
    return metricSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
