import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobQueue, type OnProgress, type Task } from '../../../server/jobs/queue.ts';
import { type Job, LIMITS } from '../../../server/protocol/index.ts';

/** A queue, and all it says. */
function openQueue() {
  const said: Job[] = [];
  return { said, queue: new JobQueue((job) => said.push(job)) };
}

/** A promise that a test settles. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Work that ends when it is told to. */
const endless: Task = {
  title: 'endless',
  work: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
};

const add = (queue: JobQueue, task: Task) => queue.prepare('train', async (take) => take(task));

/** Lets everything happen that waits for nothing outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const statusOf = (queue: JobQueue, { id }: Job) => queue.jobs.find((job) => job.id === id)?.status;

describe('a place in the queue', () => {
  it('is taken while a job is still being prepared', async () => {
    const { queue } = openQueue();
    const { open, opened } = gate();
    const many = Array.from({ length: 4 * LIMITS.queuedJobs }, () =>
      queue.prepare('train', async (take) => {
        await opened;
        return take(endless);
      }),
    );
    open();
    const answers = await Promise.allSettled(many);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? answer : []));
    expect(answers.length - refused.length).toBe(LIMITS.queuedJobs);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'busy' });
    await queue.close();
  });

  it('is free again where preparing fails, and no job is added', async () => {
    const { queue, said } = openQueue();
    for (let i = 0; i < 2 * LIMITS.queuedJobs; i++) {
      const failing = queue.prepare('train', async () => {
        throw new Error('no such dataset');
      });
      await expect(failing).rejects.toThrow('no such dataset');
    }
    expect(said).toEqual([]);
    expect((await add(queue, endless)).status).toBe('queued');
    await queue.close();
  });

  it('of one kind takes none of another', async () => {
    const { queue } = openQueue();
    for (let i = 0; i <= LIMITS.queuedJobs; i++) await add(queue, endless);
    await expect(add(queue, endless)).rejects.toMatchObject({ code: 'busy' });
    await queue.prepare('compare', async (take) => take(endless));
    await queue.close();
  });
});

describe('a job that has to be prepared', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A job whose progress a test tells. */
  async function running() {
    const { queue, said } = openQueue();
    const end = gate();
    let tell: OnProgress = () => {};
    await add(queue, {
      title: 'prepared',
      work: (_, onProgress) => {
        tell = onProgress;
        return end.opened;
      },
    });
    const { length } = said;
    return { queue, tell, end, news: () => said.slice(length) };
  }

  it('says how far that is, by the hundredth, until it makes progress', async () => {
    const { tell, end, queue, news } = await running();
    for (let i = 0; i < 1000; i++) tell({ preparing: 'pairs', share: i / 1000 });
    const shares = news().map(({ preparation }) => preparation?.share ?? Number.NaN);
    expect(shares.length).toBeLessThanOrEqual(100);
    expect(shares.length).toBeGreaterThan(80);
    expect(shares.slice(1).every((share, i) => share >= shares[i] + 0.01)).toBe(true);
    expect(news().at(-1)).toMatchObject({ progress: 0, preparation: { preparing: 'pairs' } });
    tell({ preparing: 'pictures', share: 0 });
    expect(news().at(-1)?.preparation).toEqual({ preparing: 'pictures', share: 0 });
    tell(0.001);
    expect(news().at(-1)).toMatchObject({ progress: 0.001, preparation: null });
    end.open();
    await queue.close();
  });

  it('takes as long from then on as its progress says, however long it was prepared', async () => {
    const { tell, end, queue, news } = await running();
    vi.advanceTimersByTime(500_000);
    tell({ preparing: 'pairs', share: 0.999 });
    vi.advanceTimersByTime(10_000);
    tell(0.25);
    expect(news().at(-1)?.secondsLeft).toBeCloseTo(30);
    end.open();
    await queue.close();
  });

  it('is being prepared no more when it has ended', async () => {
    const { tell, end, queue, news } = await running();
    tell({ preparing: 'pictures', share: 0.5 });
    end.open();
    await queue.close();
    expect(news().at(-1)).toMatchObject({ status: 'done', preparation: null });
  });
});

describe('a queue that closes', () => {
  it('begins nothing any more, though a place comes free', async () => {
    const { queue, said } = openQueue();
    const first = await add(queue, endless);
    const dropped = gate();
    const began: string[] = [];
    const second = await add(queue, {
      title: 'second',
      work: async () => void began.push('second'),
      dropped: () => dropped.opened,
    });
    const closing = queue.close();
    await settle();
    // The first has ended, and what the second left behind is still being cleared away.
    expect(statusOf(queue, first)).toBe('stopped');
    dropped.open();
    await closing;
    expect(began).toEqual([]);
    expect(said.filter(({ id }) => id === second.id).map(({ status }) => status)).toEqual([
      'queued',
      'stopped',
    ]);
  });

  it('ends what was being prepared when it is prepared', async () => {
    const { queue } = openQueue();
    const { open, opened } = gate();
    const late = queue.prepare('train', async (take) => {
      await opened;
      return take(endless);
    });
    const closing = queue.close();
    open();
    await closing;
    expect(statusOf(queue, await late)).toBe('stopped');
  });

  it('waits until running work has kept what it has', async () => {
    const { queue } = openQueue();
    const kept = gate();
    const job = await add(queue, { title: 'keeps', work: () => kept.opened });
    const order: string[] = [];
    const closing = queue.close().then(() => order.push('closed'));
    await settle();
    order.push('kept');
    kept.open();
    await closing;
    expect(order).toEqual(['kept', 'closed']);
    expect(statusOf(queue, job)).toBe('stopped');
  });

  it('says what went wrong, but only after all else has ended', async () => {
    const { queue } = openQueue();
    const running = await add(queue, endless);
    const dropped = async () => {
      throw new Error('disk full');
    };
    await add(queue, { ...endless, dropped });
    await expect(queue.close()).rejects.toThrow('disk full');
    expect(statusOf(queue, running)).toBe('stopped');
  });

  it('takes no more', async () => {
    const { queue } = openQueue();
    await queue.close();
    await expect(add(queue, endless)).rejects.toMatchObject({ code: 'busy' });
  });
});
