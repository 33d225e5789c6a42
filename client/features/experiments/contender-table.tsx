import type { ContenderView, ExperimentView, Proportion } from '../../../server/protocol/index.ts';
import { IntervalBar } from '../../shared/widgets/bars.tsx';
import { formatPercent } from '../../shared/widgets/format.ts';
import { ModeBar, ModeCounts, modeTitles } from '../../shared/widgets/mode-counts.tsx';
import { language } from '../../texts.ts';
import { methodOf, nameOf } from '../compare/result-names.ts';
import { useHistory } from './history-context.ts';
import { drawnHow, lineOf } from './naming.ts';
import { hashOf } from './place.ts';
import { x } from './texts.ts';

/** A row a contender; its cells open its rollouts. */
export function ContenderTable({ view }: { view: ExperimentView }) {
  const { place } = useHistory();
  const text = x.value;
  const { all, task, rollouts, starts } = view;
  const lettered = all.some(({ letters }) => letters !== null);
  return (
    <>
      <div class="table-room">
        <table class="contenders tabular" data-testid="experiment-table">
          <thead>
            <tr>
              <th scope="col">{text.policy}</th>
              <th scope="col">{text.success}</th>
              <th scope="col">{text.contact}</th>
              <th scope="col">{modeTitles(task)}</th>
              <th scope="col">{text.entropy}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((contender, i) => (
              <tr
                key={i.toString()}
                class={place.value.contender === i ? 'open' : ''}
                data-testid={`contender-${i}`}
              >
                <Who contender={contender} />
                <Rates
                  {...{ view, contender }}
                  place={i}
                  lettered={lettered}
                  varied={rollouts > starts}
                />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        {text.watchHint} {lettered && text.letters}
      </p>
    </>
  );
}

function Who({ contender }: { contender: ContenderView }) {
  const { actionHorizon, perturbation } = contender;
  const how = [drawnHow(contender), x.value.horizon(actionHorizon)].filter(Boolean).join(' · ');
  return (
    <th scope="row" class={`lane-name ${methodOf(contender) ?? ''}`}>
      {nameOf(contender)}
      <small>{how}</small>
      {perturbation !== null && <code class="perturbed">{perturbation}</code>}
    </th>
  );
}

function Rates({
  view: { name, task, rollouts },
  contender,
  place,
  lettered,
  varied,
}: {
  view: ExperimentView;
  contender: ContenderView;
  place: number;
  lettered: boolean;
  /** Whether starts have several rollouts, without which nothing is known of how much answers vary. */
  varied: boolean;
}) {
  const text = x.value;
  const { measures, done, letters } = contender;
  if (!measures) {
    return (
      <td colSpan={4} class="muted">
        {text.partial(0, rollouts)}
      </td>
    );
  }
  const watch = {
    href: hashOf({ name, contender: place }, language.value),
    title: text.watch(lineOf(contender)),
  };
  return (
    <>
      <td>
        <a class="cell" {...watch} data-testid={`contender-${place}-watch`}>
          <Rate of={measures.success} kind="good" label={text.success} />
          {lettered && <b class="letters">{letters}</b>}
        </a>
        {done < rollouts && <small class="muted">{text.partial(done, rollouts)}</small>}
      </td>
      <td>
        <a class="cell" {...watch}>
          <Rate of={measures.contact} kind="bad" label={text.contact} />
        </a>
      </td>
      <td>
        <ModeCounts task={task} counts={measures.modes} />
        <ModeBar task={task} counts={measures.modes} />
      </td>
      <td>{varied ? measures.conditionalEntropy.toFixed(2) : '–'}</td>
    </>
  );
}

function Rate({ of, kind, label }: { of: Proportion; kind: string; label: string }) {
  const [low, high] = of.ci95.map(formatPercent);
  return (
    <span class="rate">
      <span>
        <b>{formatPercent(of.rate)}</b> <span class="muted">{`${low} … ${high}`}</span>
      </span>
      <IntervalBar of={of} kind={kind} label={`${label}: ${of.k}/${of.n}, ${low} … ${high}`} />
    </span>
  );
}
