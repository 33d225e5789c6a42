import { useComputed } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { LIVE_SIZE, LIVE_STEPS } from '../../../../policies/pictures/live-size.ts';
import { cssColor, POLICY_ACCENTS } from '../../../shared/colors.ts';
import { ProgressBar } from '../../../shared/widgets/bars.tsx';
import { ErrorNote } from '../../../shared/widgets/error-note.tsx';
import { NumberField } from '../../../shared/widgets/fields.tsx';
import { formatCount, formatLoss } from '../../../shared/widgets/format.ts';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { Plot } from '../../../shared/widgets/plot.tsx';
import { LARGEST } from '../../../shell/address/bounds.ts';
import { PixelCanvas } from '../pixel-canvas.tsx';
import { DrawingsGrid } from './drawings-grid.tsx';
import type { LiveState } from './live-state.ts';
import { lossCurve } from './loss-curve.ts';
import { openLive } from './open-live.ts';
import { OwnCats } from './own-cats.tsx';
import { hasSimd } from './simd.ts';
import { l } from './texts.ts';
import './live.css';

/** Cats trained while one watches, in a worker that ends with the page. */
export function LiveSection() {
  const text = l.value;
  return (
    <section class="pictures-section" aria-labelledby="live-title">
      <h2 id="live-title">{text.title}</h2>
      <p class="lead">{text.lead}</p>
      {hasSimd() ? (
        <LiveTraining />
      ) : (
        <p class="notice" role="status" data-testid="live-no-simd">
          {text.noSimd}
        </p>
      )}
    </section>
  );
}

function LiveTraining() {
  const { state, end } = useMemo(openLive, []);
  useEffect(() => end, [end]);
  const { error } = state;
  return (
    <>
      <div class="picture-card live-card">
        <LiveControls of={state} />
        {error.value !== null && (
          <ErrorNote message={l.value.failed(error.value)} testid="live-error" />
        )}
        <DrawingsGrid of={state} />
        <div class="live-figures">
          <Verdicts of={state} />
          <Losses of={state} />
          <Data of={state} />
        </div>
      </div>
      <OwnCats of={state} />
    </>
  );
}

function LiveControls({ of }: { of: LiveState }) {
  const { playing, preparing, steps, rate, seed, engine } = of;
  const text = l.value;
  const done = steps.value.length;
  const isDone = done >= LIVE_STEPS;
  const begin = done > 0 ? text.goOn : text.train;
  return (
    <div class="live-controls">
      <button
        type="button"
        class="primary"
        disabled={isDone}
        data-testid="live-play"
        onClick={() => of.toggle()}
      >
        <Icon name={playing.value ? 'pause' : 'play'} size={16} />
        {isDone ? text.trained : playing.value ? text.pause : begin}
      </button>
      <button
        type="button"
        disabled={done === 0}
        data-testid="live-restart"
        onClick={() => of.restart()}
      >
        <Icon name="again" size={16} />
        {text.restart}
      </button>
      <div class="live-seed" title={text.seedHint}>
        <NumberField label={text.seed} value={seed} min={0} max={LARGEST.seed} testid="live-seed" />
      </div>
      <div class="live-progress">
        <ProgressBar value={done / LIVE_STEPS} label={text.steps} />
        <p class="small-text muted tabular" role="status">
          {preparing.value ? (
            text.preparing
          ) : engine.value === null ? (
            text.cost
          ) : (
            <span data-testid="live-steps" data-steps={done}>
              {text.stepsOf(formatCount(done), formatCount(LIVE_STEPS))}
              {rate.value !== null && !isDone && ` · ${text.rate(rate.value.toFixed(1))}`}
            </span>
          )}
        </p>
      </div>
    </div>
  );
}

/** What the reader of cats says now, beside what it said before any step. */
function Verdicts({ of }: { of: LiveState }) {
  const text = l.value;
  const [before] = of.verdicts.value;
  const now = of.verdicts.value.at(-1);
  if (!before || !now) return null;
  return (
    <figure class="live-verdicts">
      <h3>{text.reader}</h3>
      <p class="hint">{text.readerLead(now.pictures)}</p>
      <dl class="picture-facts tabular">
        {(['accepted', 'colour', 'obeyed'] as const).map((what) => (
          <div key={what}>
            <dt>{text.verdicts[what]}</dt>
            <dd
              data-testid={`live-${what}`}
              data-before={before[what]}
              data-now={now[what]}
              data-step={now.step}
            >
              {text.verdict(before[what], now[what], now.pictures)}
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint tabular">{text.judgedAt(formatCount(now.step))}</p>
    </figure>
  );
}

function Losses({ of }: { of: LiveState }) {
  const text = l.value;
  const curve = useComputed(() => lossCurve(of.steps.value, LIVE_STEPS));
  const [x, y] = curve.value;
  const last = y.at(-1);
  return (
    <figure class="live-losses">
      <h3>
        {text.loss}{' '}
        {typeof last === 'number' && (
          <span class="tabular" data-testid="live-loss" data-loss={last} data-first={y[0]}>
            {formatLoss(last)}
          </span>
        )}
      </h3>
      {x.length === 0 ? (
        <div class="plot-empty">{text.noLoss}</div>
      ) : (
        <Plot
          identity="loss"
          series={[{ stroke: cssColor(POLICY_ACCENTS.flow), width: 1.6, points: { show: false } }]}
          data={curve.value}
          height={130}
          label={text.lossLabel}
          testid="live-losses"
        />
      )}
    </figure>
  );
}

function Data({ of }: { of: LiveState }) {
  const data = of.data.value;
  if (!data) return null;
  const numbers = 3 * LIVE_SIZE * LIVE_SIZE;
  const cats = Array.from({ length: data.length / numbers }, (_, i) =>
    data.subarray(i * numbers, (i + 1) * numbers),
  );
  return (
    <figure class="live-data">
      <h3>{l.value.data}</h3>
      <div class="live-cats" role="img" aria-label={l.value.dataLabel}>
        {cats.map((rgb, i) => (
          <PixelCanvas key={i} rgb={rgb} size={LIVE_SIZE} label={null} />
        ))}
      </div>
    </figure>
  );
}
