import { useSignal } from '@preact/signals';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { SAMPLING_FILM, usePlayhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { StartStop } from './start-stop.tsx';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';
import { WayPictures } from './way-pictures.tsx';

/** What was learnt differently, from the same noise and caption. */
export function SidesSection() {
  const { sides, drawSides, painters, caption } = useStudio();
  const progress = useSignal(1);
  const head = usePlayhead(progress, SAMPLING_FILM);
  const text = p.value;
  if ((painters.value?.length ?? 0) < 2) return null;
  return (
    <section class="pictures-section" aria-labelledby="sides-title">
      <h2 id="sides-title">{text.sidesTitle}</h2>
      <p class="lead">{text.sidesLead}</p>
      <div class="row wrap">
        <StartStop of={drawSides} label={text.drawSides} testid="sides-draw" />
        <span class="hint">{text.ofCaption(caption.value)}</span>
      </div>
      <ActionError of={drawSides} testid="sides-error" />
      <div class="sides">
        {sides.value.map((way) => {
          const { name, method, size } = way.painter;
          return (
            <div key={name} class={`picture-card stack ${method}`} data-testid="side">
              <h3 class="row">
                <span class="lane-dot" />
                {text.painterNamed(name, t.value.short[method], size)}
              </h3>
              <WayPictures way={way} head={head} progress={progress} testid={`side-${name}`} />
            </div>
          );
        })}
      </div>
    </section>
  );
}
