import { ActionError } from '../../shared/widgets/error-note.tsx';
import { PixelCanvas } from './pixel-canvas.tsx';
import { StartStop } from './start-stop.tsx';
import { GRID_SCALES, GRID_SEEDS } from './studio.ts';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** The same noise under more and more guidance. */
export function GridSection() {
  const { rows, drawGrid, caption, seed, painter } = useStudio();
  const text = p.value;
  // Guidance that is built in is the same everywhere.
  if (painter.value?.builtInGuidance !== null) return null;
  return (
    <section class="pictures-section" aria-labelledby="grid-title">
      <h2 id="grid-title">{text.gridTitle}</h2>
      <p class="lead">{text.gridLead}</p>
      <p class="formula">
        <span>F(∅) + w · (F(c) − F(∅))</span>
      </p>
      <div class="row wrap">
        <StartStop of={drawGrid} label={text.drawGrid} testid="grid-draw" />
        <span class="hint">{text.ofCaption(caption.value)}</span>
      </div>
      <ActionError of={drawGrid} testid="grid-error" />
      {(rows.value.length > 0 || drawGrid.busy.value) && (
        <div class="picture-card grid-room">
          <table class="picture-grid">
            <thead>
              <tr>
                <th scope="col">w</th>
                {Array.from({ length: GRID_SEEDS }, (_, i) => (
                  <th key={i} scope="col" class="tabular">
                    {text.seedNumber(seed.value + i)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {GRID_SCALES.map((scale, row) => (
                <tr key={scale} data-testid="grid-row">
                  <th scope="row" class="tabular">
                    {scale}
                    <span class="hint">{text.scales[row]}</span>
                  </th>
                  {Array.from({ length: GRID_SEEDS }, (_, i) => (
                    <td key={i}>
                      <PixelCanvas
                        rgb={rows.value[row]?.pictures[i] ?? null}
                        size={rows.value[row]?.size ?? 16}
                        label={text.gridCell(scale, seed.value + i)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
