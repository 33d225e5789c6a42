import cliProgress from 'cli-progress';

/** A line that says how far long work is: a bar with ETA on a terminal, else now and then a line. */
export interface Progress {
  /** @param done from 0 to `total`; `note` is shown beside the bar */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Shares of the work at which a line is printed where there is no terminal. */
const LINE_EVERY = 0.1;

/** Progress goes to standard error, so that results can be piped. */
export function startProgress(title: string, total: number): Progress {
  return process.stderr.isTTY ? bar(title, total) : lines(title, total);
}

/** Progress of work after work: each with a line of its own, for each has its own pace. */
export class ProgressInTurn {
  #title: string | null = null;
  #progress: Progress | null = null;

  show(title: string, total: number, done: number, note?: string): void {
    if (title !== this.#title) {
      this.stop();
      this.#title = title;
      this.#progress = startProgress(title, total);
    }
    this.#progress?.update(done, note);
  }

  stop(): void {
    this.#progress?.stop();
  }
}

/** The bars on the terminal, one below the other, for as long as any of them moves. */
let bars: cliProgress.MultiBar | null = null;
let moving = 0;

function bar(title: string, total: number): Progress {
  bars ??= new cliProgress.MultiBar(
    {
      format: '{title} {bar} {percentage}% · {value}/{total} · ETA {eta_formatted} {note}',
      stream: process.stderr,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  const line = bars.create(total, 0, { title, note: '' });
  moving++;
  let stopped = false;
  return {
    update: (done, note = '') => line.update(done, { title, note }),
    stop() {
      if (stopped) return;
      stopped = true;
      line.stop();
      if (--moving > 0) return;
      bars?.stop();
      bars = null;
    },
  };
}

function lines(title: string, total: number): Progress {
  const began = performance.now();
  let next = LINE_EVERY;
  /** What was done before this work went on. */
  let from: number | null = null;
  return {
    update(done, note = '') {
      from ??= done;
      const share = done / total;
      if (share < next || done === from) return;
      while (next <= share) next += LINE_EVERY;
      const seconds = (performance.now() - began) / 1000;
      const left = ((seconds / (done - from)) * (total - done)).toFixed(0);
      process.stderr.write(
        `${title} ${done}/${total} · ${seconds.toFixed(0)} s, about ${left} s left ${note}\n`,
      );
    },
    stop() {},
  };
}
