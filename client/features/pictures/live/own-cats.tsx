import { useMemo } from 'preact/hooks';
import { drawCat, posed, sampleCat } from '../../../../demos/cats/index.ts';
import { LIVE_SIZE } from '../../../../policies/pictures/live-size.ts';
import { fromPixels } from '../../../../policies/pixels.ts';
import { Random } from '../../../../policies/random.ts';
import { Field } from '../../../shared/widgets/fields.tsx';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { RangeField } from '../../../shared/widgets/range-field.tsx';
import { t } from '../../../texts.ts';
import { PixelCanvas } from '../pixel-canvas.tsx';
import { MOST_OWN } from './captions.ts';
import { createEditorState, type EditorState, PALETTE } from './editor-state.ts';
import type { LiveState } from './live-state.ts';
import { MOST_SHARE } from './live-state.ts';
import { PixelEditor } from './pixel-editor.tsx';
import { l } from './texts.ts';

/** The streams of a seed that cats to start from are drawn from: of no training's. */
const OFFERED = 402;

/** Pictures of one's own, with captions, that are learnt beside the others. */
export function OwnCats({ of }: { of: LiveState }) {
  const editor = useMemo(createEditorState, []);
  const text = l.value;
  return (
    <details class="picture-card live-own" data-testid="live-own">
      <summary>
        {text.own} <span class="muted tabular">{text.ownCount(of.own.value.length, MOST_OWN)}</span>
      </summary>
      <p class="hint">{text.ownLead}</p>
      <div class="live-editor">
        <PixelEditor of={editor} />
        <div class="stack">
          <Palette of={editor} />
          <Starts of={editor} />
          <OwnCaption of={editor} live={of} />
        </div>
      </div>
      <Added of={of} />
    </details>
  );
}

function Palette({ of }: { of: EditorState }) {
  const text = l.value;
  return (
    <fieldset class="live-palette">
      <legend class="field-label">{text.palette}</legend>
      {PALETTE.map((rgb, i) => (
        <button
          key={i}
          type="button"
          aria-label={text.colours[i]}
          title={text.colours[i]}
          aria-pressed={of.colour.value === i}
          style={{ background: `rgb(${rgb.join(' ')})` }}
          data-testid={`live-colour-${i}`}
          onClick={() => {
            of.colour.value = i;
          }}
        />
      ))}
    </fieldset>
  );
}

/** Another picture to go on from. */
function Starts({ of }: { of: EditorState }) {
  const text = l.value;
  const offered = useMemo(() => ({ next: 0 }), []);
  return (
    <div class="row wrap">
      <button
        type="button"
        class="small"
        data-testid="live-start-from"
        onClick={() => {
          const cat = posed(sampleCat(Random.of(OFFERED, offered.next++)));
          of.load(fromPixels(drawCat(cat, LIVE_SIZE)));
        }}
      >
        {text.startFrom}
      </button>
      <button type="button" class="small" data-testid="live-clear" onClick={() => of.clear()}>
        {text.clear}
      </button>
      <button
        type="button"
        class="small"
        disabled={!of.canUndo.value}
        data-testid="live-undo"
        onClick={() => of.undo()}
      >
        {t.value.undo}
      </button>
    </div>
  );
}

function OwnCaption({ of, live }: { of: EditorState; live: LiveState }) {
  const text = l.value;
  const { caption, problem, share } = of;
  const isFull = !live.hasRoom(share.value);
  return (
    <>
      <Field label={text.caption}>
        {(id) => (
          <>
            <input
              id={id}
              type="text"
              lang="en"
              maxLength={120}
              value={caption.value}
              aria-invalid={problem.value !== null}
              aria-describedby={`${id}-note`}
              data-testid="live-caption"
              onInput={(event) => {
                caption.value = event.currentTarget.value;
              }}
            />
            <div id={`${id}-note`} data-testid="live-caption-note">
              <CaptionNote of={of} />
            </div>
          </>
        )}
      </Field>
      <RangeField
        label={text.share}
        value={share.value}
        min={0.05}
        max={MOST_SHARE / 2}
        step={0.05}
        show={text.percent}
        onChange={(value) => {
          share.value = value;
        }}
        testid="live-share"
      />
      <div class="row wrap">
        <button
          type="button"
          class="primary"
          disabled={problem.value !== null || isFull}
          data-testid="live-add"
          onClick={() => {
            live.add({ rgb: of.rgb.value, caption: caption.value.trim(), share: share.value });
          }}
        >
          {text.add}
        </button>
        {isFull && <span class="hint">{text.full}</span>}
      </div>
    </>
  );
}

/** What a caption is not taken for, or which of its words no other caption has. */
function CaptionNote({ of }: { of: EditorState }) {
  const text = l.value;
  const problem = of.problem.value;
  if (problem) {
    const said =
      problem.kind === 'empty'
        ? text.problems.empty
        : problem.kind === 'long'
          ? text.problems.long(problem.most, problem.got)
          : text.problems.contradicts(problem.message);
    return (
      <p class="field-problem" role="alert">
        {said}
      </p>
    );
  }
  if (of.unknown.value.length === 0) return null;
  const words = of.unknown.value.map((word) => `“${word}”`).join(', ');
  return <p class="hint">{text.unknown(words)}</p>;
}

/** What is learnt already beside our cats. */
function Added({ of }: { of: LiveState }) {
  const text = l.value;
  if (of.own.value.length === 0) return null;
  return (
    <ul class="live-added">
      {of.own.value.map(({ rgb, caption, share }, i) => (
        <li key={i} data-testid={`live-added-${i}`}>
          <PixelCanvas rgb={rgb} size={LIVE_SIZE} label={null} />
          <span>
            “{caption}” <span class="muted tabular">{text.percent(share)}</span>
          </span>
          <button
            type="button"
            class="small"
            aria-label={text.remove(caption)}
            title={text.remove(caption)}
            data-testid={`live-remove-${i}`}
            onClick={() => of.remove(i)}
          >
            <Icon name="trash" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
