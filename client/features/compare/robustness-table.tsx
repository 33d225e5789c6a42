import type { RobustnessResult } from '../../../server/protocol/index.ts';
import { IntervalBar } from '../../shared/widgets/bars.tsx';
import { formatP, formatPercent } from '../../shared/widgets/format.ts';
import { detailsOf, methodOf, nameOf } from './result-names.ts';
import { compareText } from './texts.ts';
import './robustness.css';

type Row = Pick<
  RobustnessResult,
  'name' | 'run' | 'sampler' | 'nfe' | 'perturbation' | 'success' | 'againstControl'
>;

/** What perturbations do to policies, as the command line says it: each held against itself without. */
export function RobustnessTable({ results }: { results: readonly Row[] }) {
  const text = compareText.value.robustness;
  return (
    <div class="robustness-room">
      <table class="robustness tabular" data-testid="robustness">
        <thead>
          <tr>
            <th scope="col">{text.perturbation}</th>
            <th scope="col">{compareText.value.success}</th>
            <th scope="col">{text.difference}</th>
            <th scope="col">{text.verdict}</th>
          </tr>
        </thead>
        {byPolicy(results).map((rows, i) => (
          <tbody key={i.toString()}>
            <tr>
              <th scope="rowgroup" colSpan={4} class={`lane-name ${methodOf(rows[0]) ?? ''}`}>
                {nameOf(rows[0])} <small>{detailsOf(rows[0])}</small>
              </th>
            </tr>
            {rows.map((row, k) => (
              <Line key={k.toString()} row={row} />
            ))}
          </tbody>
        ))}
      </table>
      <p class="hint">{text.note}</p>
    </div>
  );
}

function Line({ row: { perturbation, success, againstControl } }: { row: Row }) {
  const text = compareText.value.robustness;
  const [low, high] = success.ci95.map(formatPercent);
  const verdict = againstControl?.judged.verdict;
  return (
    <tr data-testid={`robustness-${perturbation ?? 'none'}`}>
      <th scope="row">{perturbation === null ? text.control : <code>{perturbation}</code>}</th>
      <td>
        <b>{formatPercent(success.rate)}</b>
        <IntervalBar
          of={success}
          kind="good"
          label={`${success.k}/${success.n}, ${compareText.value.interval(low, high)}`}
        />
      </td>
      <td>
        {againstControl ? (
          <>
            <b>{signed(againstControl.difference)}</b>{' '}
            <small>{againstControl.ci95.map(signed).join(' … ')}</small>
          </>
        ) : (
          '–'
        )}
      </td>
      <td>
        {againstControl && verdict ? (
          <>
            <span class="verdict" data-verdict={verdict}>
              {verdict === 'same' ? text.same : compareText.value.verdict[verdict]}
            </span>{' '}
            <small>p {formatP(againstControl.p)}</small>
          </>
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}

/** Those of a policy stand together: each begins with its control. */
function byPolicy(results: readonly Row[]): [Row, ...Row[]][] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of results) {
    const key = [row.name, detailsOf(row)].join();
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/** Points of a hundred with their sign. */
function signed(rate: number): string {
  const points = Math.round(100 * Math.abs(rate));
  return `${points === 0 ? '' : rate < 0 ? '−' : '+'}${points} %`;
}
