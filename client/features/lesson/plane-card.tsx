import type { ComponentChildren } from 'preact';
import type { LivePaths } from '../../../policies/lesson/live.ts';
import { diffusionSteps, LIVE_KINDS, type LiveKind } from '../../../policies/lesson/target.ts';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { useLesson } from './lesson-context.ts';
import { PlaneCanvas } from './plane-canvas.tsx';
import { lessonText } from './texts.ts';

/** Steps of Euler's method one may choose. */
const MOST_EULER_STEPS = 20;
/** The fork's clouds, in their order. */
const SIDES = ['left', 'right'];

/** Both planes, the stairs and the straight line. */
export function Planes() {
  return (
    <div class="planes">
      {LIVE_KINDS.map((kind) => (
        <section key={kind} class={`plane-card ${kind}`} aria-label={lessonText.value.kinds[kind]}>
          <header class="plane-header">
            <span class="lane-dot" />
            <h3>
              <Term id={kind}>{lessonText.value.kinds[kind]}</Term>
            </h3>
            <span class="push plane-where tabular" data-testid={`where-${kind}`}>
              <Where kind={kind} />
            </span>
          </header>
          <PlaneCanvas kind={kind} />
          {kind === 'diffusion' ? <DiffusionSampler /> : <FlowSampler />}
          <Facts kind={kind} />
        </section>
      ))}
    </div>
  );
}

/** How far the way is: k of a diffusion, τ of a flow. */
function Where({ kind }: { kind: LiveKind }) {
  const { progress, target } = useLesson();
  if (kind === 'flow') return <>τ = {progress.value.toFixed(2)}</>;
  const steps = target.value ? diffusionSteps(target.value) : 100;
  return (
    <>
      k = {Math.round((1 - progress.value) * steps)} / {steps}
    </>
  );
}

function DiffusionSampler() {
  const { drawing, target } = useLesson();
  const text = lessonText.value;
  const { diffusion } = drawing.value;
  const most = target.value ? diffusionSteps(target.value) : 100;
  const steps = diffusion.kind === 'ddim' ? Math.min(diffusion.steps, most) : most;
  return (
    <div class="plane-sampler">
      <fieldset class="segments">
        <legend class="visually-hidden">{t.value.noising.sampler}</legend>
        {(['ddpm', 'ddim'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={diffusion.kind === kind}
            title={text.samplers[kind]}
            data-testid={`sampler-${kind}`}
            onClick={() => {
              drawing.value = {
                ...drawing.value,
                diffusion: kind === 'ddpm' ? { kind } : { kind, steps: Math.min(10, most), eta: 0 },
              };
            }}
          >
            {kind.toUpperCase()}
          </button>
        ))}
      </fieldset>
      <RangeField
        label={<Term id="calls">{text.calls}</Term>}
        value={steps}
        min={1}
        max={most}
        disabled={diffusion.kind === 'ddpm'}
        onChange={(steps) => {
          drawing.value = { ...drawing.value, diffusion: { kind: 'ddim', steps, eta: 0 } };
        }}
        testid="steps-diffusion"
      />
    </div>
  );
}

function FlowSampler() {
  const { drawing } = useLesson();
  const text = lessonText.value;
  return (
    <div class="plane-sampler">
      <span class="chip" title={text.samplers.euler}>
        Euler
      </span>
      <RangeField
        label={<Term id="calls">{text.calls}</Term>}
        value={drawing.value.flow.steps}
        min={1}
        max={MOST_EULER_STEPS}
        onChange={(steps) => {
          drawing.value = { ...drawing.value, flow: { kind: 'euler', steps } };
        }}
        testid="steps-flow"
      />
    </div>
  );
}

/** What came of the drawing and the training, in numbers. */
function Facts({ kind }: { kind: LiveKind }) {
  const { paths, measures, targetName } = useLesson();
  const text = lessonText.value.facts;
  const drawn = paths.value?.[kind] ?? null;
  const measured = measures.value;
  return (
    <dl class="plane-facts tabular">
      <Fact label={text.landed} testid={`landed-${kind}`}>
        {drawn && <Landed of={drawn} sides={targetName.value === 'fork'} />}
      </Fact>
      <Fact label={text.detour} hint={text.detourHint} testid={`detour-${kind}`}>
        {drawn?.detour.toFixed(2)}
      </Fact>
      <Fact label={text.fieldError} hint={text.fieldErrorHint} testid={`error-${kind}`}>
        {measured && `${(100 * measured.fieldError[kind]).toFixed(1)} %`}
      </Fact>
      <Fact
        label={text.straightness}
        hint={kind === 'flow' ? text.straightnessHint : text.noStraightness}
        testid={`straightness-${kind}`}
      >
        {kind === 'flow' && measured && formatStraightness(measured.straightness)}
      </Fact>
    </dl>
  );
}

/** Two digits that count. */
function formatStraightness(s: number): string {
  return s < 1e-3 ? s.toExponential(1) : s.toPrecision(2);
}

/** A number and what it is; a dash before there is one. */
function Fact({
  label,
  hint,
  testid,
  children,
}: {
  label: string;
  hint?: string;
  testid: string;
  children: ComponentChildren;
}) {
  return (
    <div title={hint}>
      <dt>{label}</dt>
      <dd data-testid={testid}>{children || '–'}</dd>
    </div>
  );
}

/** How many ended in each cloud; the fork's are a left and a right one. */
function Landed({ of: { inside, outside }, sides }: { of: LivePaths; sides: boolean }) {
  const clouds = inside.map((count, cloud) => ({
    count,
    name: sides ? SIDES[cloud] : `cloud ${cloud}`,
  }));
  return (
    <>
      {clouds.map(({ count, name }) => (
        <b key={name} class={`landed ${name}`}>
          {count}
        </b>
      ))}
      <span class="muted">{lessonText.value.facts.outside(outside)}</span>
    </>
  );
}
