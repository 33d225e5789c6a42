import { useLayoutEffect } from 'preact/hooks';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { NumberField, SelectField } from '../../shared/widgets/fields.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { isStill, SAMPLING_FILM, usePlayhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { CaptionField } from './caption-field.tsx';
import { NoPainter } from './no-painter.tsx';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';
import { stationAt } from './way.ts';
import { timeText, WayPictures } from './way-pictures.tsx';
import { WordGazes } from './word-gazes.tsx';

/** A caption becomes a picture, step by step; and where each of its words is looked at. */
export function DrawSection() {
  const { painters, painter, look, serves } = useStudio();
  const text = p.value;
  const isBare = !serves || (painters.value !== null && painter.value === null);
  return (
    <section class="pictures-section" aria-labelledby="draw-title">
      <h2 id="draw-title">{text.drawTitle}</h2>
      <p class="lead">{text.drawLead}</p>
      <ActionError of={look} testid="painters-error" />
      {isBare ? (
        <NoPainter />
      ) : (
        <div class="picture-card drawing">
          <CaptionField />
          <Emerging />
          <Choices />
        </div>
      )}
    </section>
  );
}

function Choices() {
  const { painters, painter, chosen, seed, guidance } = useStudio();
  const text = p.value;
  const all = painters.value ?? [];
  const builtIn = painter.value?.builtInGuidance ?? null;
  return (
    <form
      class="stack drawing-choices"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {all.length > 1 && painter.value && (
        <SelectField
          label={text.painter}
          value={painter.value.name}
          options={all.map(({ name, method, size }) => ({
            value: name,
            label: text.painterNamed(name, t.value.short[method], size),
          }))}
          onChange={(name) => {
            chosen.value = name;
          }}
          testid="painter"
        />
      )}
      {builtIn === null ? (
        <>
          <RangeField
            label={text.guidance}
            value={guidance.value}
            min={0}
            max={10}
            step={0.5}
            show={(w) => `w = ${w}`}
            onChange={(w) => {
              guidance.value = w;
            }}
            testid="picture-guidance"
          />
          <p class="hint">{text.guidanceHint}</p>
        </>
      ) : (
        <p class="hint" data-testid="picture-built-in">
          {text.builtIn(builtIn)}
        </p>
      )}
      <SamplerFields />
      <div class="seed-row">
        <NumberField
          label={text.seed}
          value={seed}
          min={0}
          max={LIMITS.seed}
          testid="picture-seed"
        />
        <button
          type="button"
          data-testid="picture-other-noise"
          onClick={() => {
            seed.value = (seed.value + 1) % LIMITS.seed;
          }}
        >
          <Icon name="again" size={16} />
          {t.value.noising.otherNoise}
        </button>
      </div>
    </form>
  );
}

function SamplerFields() {
  const { painter, sampler, chosenSampler, calls, chosenCalls } = useStudio();
  const text = p.value;
  const all = painter.value?.samplers ?? [];
  const own = sampler.value;
  if (!own) return null;
  return (
    <div class="two">
      <SelectField
        label={t.value.noising.sampler}
        value={own.kind}
        options={all.map(({ kind }) => ({ value: kind, label: t.value.sampler[kind] }))}
        onChange={(kind) => {
          chosenSampler.value = kind;
        }}
        testid="picture-sampler"
        disabled={all.length < 2}
      />
      <RangeField
        label={text.calls}
        value={calls.value}
        min={own.least}
        max={Math.min(own.most, MOST_CALLS)}
        step={own.step}
        disabled={own.least === own.most}
        onChange={(count) => {
          chosenCalls.value = count;
        }}
        testid="picture-calls"
      />
    </div>
  );
}

/** Where the slider ends: more calls change no picture that one sees. */
const MOST_CALLS = 100;

function Emerging() {
  const { way, draw, progress } = useStudio();
  const head = usePlayhead(progress, SAMPLING_FILM);
  const drawn = way.value;
  // With the picture, not after it: whoever sees it and holds it is not overtaken.
  useLayoutEffect(() => {
    if (!drawn) return;
    if (isStill()) head.hold(1);
    else head.play();
  }, [drawn]);
  const text = p.value;
  return (
    <div class="stack emerging" aria-busy={draw.busy.value}>
      <ActionError of={draw} testid="picture-error" />
      <WayPictures way={drawn} head={head} progress={progress} testid="picture" />
      <p class="row wrap hint" aria-live="polite">
        {draw.busy.value ? (
          <span class="row waiting">
            <span class="spinner" />
            {text.painting}
          </span>
        ) : (
          drawn && (
            <span data-testid="picture-told" data-caption={drawn.caption}>
              {text.drawnIn(drawn.caption, drawn.calls, Math.round(drawn.took))}
            </span>
          )
        )}
      </p>
      {drawn && drawn.words.length > 0 && (
        <WordGazes
          way={drawn}
          station={Math.min(stationAt(drawn, progress.value), drawn.stations.length - 2)}
          at={timeText(drawn, progress.value)}
        />
      )}
    </div>
  );
}
