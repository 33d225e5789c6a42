import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProtocolError } from '../protocol/errors.ts';
import { cutText } from '../protocol/issues.ts';
import { PACKAGE_ROOT } from '../storage/package-root.ts';
import type { Place } from '../storage/workspace.ts';
import { Readings } from './readings.ts';

/** The command line itself: a report is a text, and texts for terminals and files are its matter. */
const COMMAND_LINE = join(PACKAGE_ROOT, 'dist', 'bin', 'cli.js');
const FILE = 'report.html';
/** Rollouts that are rolled out again for one: half of what the command takes, as a person waits. */
const PICTURES = 12;
/** How long one may take, ms. */
const MOST_MS = 180_000;
const MOST_SAID = 2000;

/** A report, and what is to be done once it was read. */
export interface WrittenReport {
  readonly file: FileHandle;
  readonly size: number;
  end(): Promise<void>;
}

/** Writes reports of experiments, one after the other, in child processes. */
export class ExperimentReports {
  readonly #place: Place;
  readonly #readings = new Readings('reports');

  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * @param directory of the experiment
   * @param page      address of this server's page, which links of the report open
   * @throws ProtocolError 'busy' where too many wait; 'conflict' for what the command refuses
   * @cost 5 to 20 s
   */
  async write(directory: string, page: string): Promise<WrittenReport> {
    if (!existsSync(COMMAND_LINE)) {
      const what = `expected ${COMMAND_LINE}, got none; run "npm run build" first`;
      throw new ProtocolError('internal', what);
    }
    const folder = await mkdtemp(join(tmpdir(), 'forking-paths-report-'));
    const end = () => rm(folder, { recursive: true, force: true });
    try {
      const refusal = await this.#readings.take(() => this.#run(directory, page, folder));
      const written = existsSync(join(folder, FILE));
      // One whose replays ended otherwise is there, and says so.
      if (!written) throw new ProtocolError('conflict', refusal);
      const file = await open(join(folder, FILE));
      return {
        file,
        size: (await file.stat()).size,
        end: async () => {
          await file.close();
          await end();
        },
      };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** @returns what it said last on its standard error */
  #run(directory: string, page: string, folder: string): Promise<string> {
    const { data, textEncoder, tokenizer } = this.#place;
    const child = spawn(
      process.execPath,
      [
        ...[COMMAND_LINE, 'experiment', 'report', directory, '--json'],
        ...['--data', data, '--page', page, '--out', join(folder, FILE)],
        ...['--pictures', String(PICTURES)],
        ...(textEncoder === undefined ? [] : ['--text-encoder', textEncoder]),
        ...(tokenizer === undefined ? [] : ['--tokenizer', tokenizer]),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: MOST_MS, killSignal: 'SIGKILL' },
    );
    const leave = () => child.kill('SIGKILL');
    process.once('exit', leave);
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      said = `${said}${text}`.slice(-MOST_SAID);
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (_, signal) => {
        process.off('exit', leave);
        const problem = said.trim().split('\n').at(-1) ?? '';
        if (signal === null) resolve(cutText(problem, MOST_SAID));
        else
          resolve(
            `report: expected it within ${MOST_MS / 1000} s, got ${signal}; use the command line`,
          );
      });
    });
  }
}
