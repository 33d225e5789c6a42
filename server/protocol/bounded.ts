import type { DatasetSummary } from './datasets.ts';
import type { Hello, Omitted } from './events.ts';
import { cutText } from './issues.ts';
import { jsonSize } from './json-size.ts';
import { LIMITS } from './limits.ts';
import type { Run } from './runs.ts';

const { warnings: MAX_WARNINGS, text: MAX_TEXT, entry: MAX_ENTRY, lists: MAX_LIST } = LIMITS.sent;

/**
 * What is sent of what there is. Runs and datasets are files that anything may have written: however
 * many and however large, the answer stays within what a page may leave unread, and one that is too
 * large takes no other with it.
 *
 * @returns the same where nothing is too large; else with fewer entries, and how many are left out
 */
export function boundHello(hello: Hello): Hello {
  const runs = withinBudget(hello.runs.map(boundRun), MAX_LIST.runs);
  const datasets = withinBudget(hello.datasets, MAX_LIST.datasets);
  // These begin with the oldest, which are the ones to be left out.
  const jobs = withinBudget(hello.jobs.toReversed(), MAX_LIST.jobs).toReversed();
  const comparisons = withinBudget(hello.comparisons.toReversed(), MAX_LIST.comparisons);
  const omitted: Omitted = {
    runs: hello.runs.length - runs.length,
    datasets: hello.datasets.length - datasets.length,
    jobs: hello.jobs.length - jobs.length,
    comparisons: hello.comparisons.length - comparisons.length,
  };
  const anything = Object.values(omitted).some((count) => count > 0);
  return {
    ...hello,
    runs,
    datasets,
    jobs,
    comparisons: comparisons.toReversed(),
    ...(anything && { omitted }),
  };
}

/** All datasets but those that are too large to be said. */
export function boundDatasets(datasets: readonly DatasetSummary[]): readonly DatasetSummary[] {
  return withinBudget(datasets, MAX_LIST.datasets);
}

/** A run with its first warnings, and with texts that a page can show. */
export function boundRun(run: Run): Run {
  const { warnings, error } = run;
  return {
    ...run,
    warnings: warnings.slice(0, MAX_WARNINGS).map((text) => cutText(text, MAX_TEXT)),
    error: error === null ? null : cutText(error, MAX_TEXT),
  };
}

/** The first of those that are not too large themselves, as far as they fit together. */
function withinBudget<T>(entries: readonly T[], budget: number): readonly T[] {
  const kept: T[] = [];
  let left = budget;
  for (const entry of entries) {
    const size = jsonSize(entry, MAX_ENTRY);
    if (size > MAX_ENTRY) continue;
    left -= size;
    if (left < 0) break;
    kept.push(entry);
  }
  return kept;
}
