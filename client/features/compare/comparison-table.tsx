import type { ComponentChildren } from 'preact';
import type { Comparison, PolicyResult, Proportion } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { fewStarts } from '../../../server/protocol/starts.ts';
import { canBeTold, STAGE_TASKS } from '../../shared/tasks/stage-tasks.ts';
import { IntervalBar } from '../../shared/widgets/bars.tsx';
import { download } from '../../shared/widgets/download.ts';
import { formatMoment, formatMs, formatP, formatPercent } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { ModeBar, ModeCounts, modeTitles } from '../../shared/widgets/mode-counts.tsx';
import { Term } from '../../shared/words/term.tsx';
import type { TermId } from '../../shared/words/terms.ts';
import { t } from '../../texts.ts';
import { detailsOf, methodOf, nameOf, pairsOf, titlesOf } from './result-names.ts';
import { RobustnessTable } from './robustness-table.tsx';
import { sayVerdict } from './say-verdict.ts';
import { compareText } from './texts.ts';

/** A comparison as a table: a row a measure, a column a policy. */
export function ComparisonTable({
  comparison,
  at,
}: {
  comparison: Comparison;
  /** When it came, ISO 8601; null where that is not known. */
  at: string | null;
}) {
  const text = compareText.value;
  const { task, policies, paired, rollouts, starts, seconds, within = 0 } = comparison;
  const few = fewStarts(comparison);
  const rows: readonly [string, TermId, (result: PolicyResult) => ComponentChildren][] = [
    [text.success, 'success', ({ success }) => <Rate of={success} kind="good" />],
    [text.contact, 'contact', ({ contact }) => <Rate of={contact} kind="bad" />],
    [text.invalid, 'between', ({ invalidMiddle }) => <Rate of={invalidMiddle} kind="bad" />],
    [modeTitles(task), 'mode', ({ modes }) => <Modes task={task} modes={modes} />],
    [
      text.entropy,
      'entropy',
      // One rollout per start says nothing about how much its answers vary.
      ({ conditionalEntropy }) => (rollouts > starts ? conditionalEntropy.toFixed(2) : '–'),
    ],
    [
      text.planTime,
      'latency',
      ({ latencyMs }) => (latencyMs ? formatMs(latencyMs.chunk.p50) : '–'),
    ],
    [text.stepTime, 'step', ({ latencyMs }) => (latencyMs ? formatMs(latencyMs.perStep.p50) : '–')],
    [text.calls, 'calls', ({ nfe }) => nfe ?? '–'],
  ];
  const titles = titlesOf(policies);
  const pairs = pairsOf(titles);
  return (
    <section class="comparison" data-testid="comparison">
      <p class="hint" data-testid="comparison-settings">
        {settingsOf(comparison, at)}
      </p>
      <table>
        <thead>
          <tr>
            {policies.map((result, i) => (
              <th
                key={titles[i]}
                scope="col"
                class={`lane-name ${methodOf(result) ?? ''}`}
                data-testid={`comparison-${i + 1}`}
              >
                {nameOf(result)}
                {result.letters !== undefined && (
                  <sup title={text.verdict.letters} data-testid={`comparison-letters-${i + 1}`}>
                    {' '}
                    {result.letters}
                  </sup>
                )}
                <small title={result.run ?? undefined}>{detailsOf(result)}</small>
              </th>
            ))}
          </tr>
        </thead>
        {rows.map(([label, term, cell], row) => (
          // A label above its numbers leaves the columns all the width there is.
          <tbody key={label} class="tabular">
            <tr class="measure">
              <th scope="rowgroup" colSpan={policies.length}>
                <Term id={term}>{label}</Term>
              </th>
            </tr>
            <tr>
              {policies.map((result, i) => (
                <td key={titles[i]} data-testid={`comparison-${i + 1}-${row}`}>
                  {cell(result)}
                </td>
              ))}
            </tr>
          </tbody>
        ))}
      </table>
      {comparison.robustness && (
        <>
          <h3>{text.robustness.title}</h3>
          <RobustnessTable results={comparison.robustness} />
        </>
      )}
      <p class="hint">{text.took(seconds.toFixed(0))}</p>
      <ul class="hint">
        {paired.map(({ mcnemarP, judged }, i) => (
          <li key={pairs[i].join()} data-testid={`comparison-pair-${i + 1}`}>
            {text.paired(...pairs[i], formatP(mcnemarP))}
            {judged && <b> · {sayVerdict(judged, within, text.verdict)}</b>}
          </li>
        ))}
        {policies[0]?.letters !== undefined && <li>{text.verdict.letters}</li>}
      </ul>
      {few && (
        <p class="hint" data-testid="comparison-few-starts">
          {text.fewStarts(
            few.starts,
            String(Number(few.least.toPrecision(2))),
            few.needed.map((each) => [each.starts, each.level]),
          )}
        </p>
      )}
      <button
        type="button"
        class="wide"
        data-testid="compare-download"
        onClick={() => download('comparison.json', JSON.stringify(comparison, null, 2))}
      >
        <Icon name="download" size={16} /> {text.download}
      </button>
    </section>
  );
}

/** What it was asked for with: form and stage may say something else by now. */
function settingsOf(comparison: Comparison, at: string | null): string {
  const { task, rollouts, starts, seed, policies, instruction } = comparison;
  const text = compareText.value;
  const setup = text.setup(rollouts, starts, seed, policies[0]?.actionHorizon ?? 0);
  const told = instruction ? text.told(instruction) : text.toldNothing;
  const known = STAGE_TASKS.find((name) => name === task);
  const title = known && t.value.task.title[known];
  return [at && formatMoment(at), title ?? task, setup, known && canBeTold(known) && told]
    .filter(Boolean)
    .join(' · ');
}

function Rate({ of, kind }: { of: Proportion; kind: string }) {
  const [low, high] = of.ci95.map(formatPercent);
  return (
    <>
      <b>
        {of.k}/{of.n}
      </b>
      <IntervalBar
        of={of}
        kind={kind}
        label={`${formatPercent(of.rate)}, ${compareText.value.interval(low, high)}`}
      />
    </>
  );
}

function Modes({ task, modes }: { task: string; modes: PolicyResult['modes'] }) {
  return (
    <>
      <b>
        <ModeCounts task={task} counts={modes} />
      </b>
      <ModeBar task={task} counts={modes} />
    </>
  );
}
