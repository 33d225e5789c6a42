import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../texts.ts';
import { GRIPPER_REACH, HEAT_REACH, heatColor, heatMap } from './heat.ts';

/** A chunk as a picture: time to the right, a joint a row. */
export function HeatCanvas({
  what,
  chunk,
  pose,
}: {
  what: string;
  chunk: Float32Array;
  pose: Float32Array;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const steps = chunk.length / pose.length;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || steps === 0) return;
    context.putImageData(new ImageData(heatMap(chunk, pose), steps, pose.length), 0, 0);
  }, [chunk, pose, steps]);
  return (
    <figure class="heat">
      <figcaption>{what}</figcaption>
      <canvas
        ref={canvas}
        width={steps}
        height={pose.length}
        role="img"
        aria-label={t.value.denoise.heat(what)}
      />
    </figure>
  );
}

/** What its colours and axes mean. */
export function HeatLegend() {
  const text = t.value.denoise;
  const stops = [-1, 0, 1].map((share) => `rgb(${heatColor(share).join(' ')})`).join(', ');
  return (
    <div class="heat-legend hint">
      <span>{text.heatAxes}</span>
      <span class="row">
        <span class="heat-scale" style={{ background: `linear-gradient(90deg, ${stops})` }} />
        <span>{text.heatScale(String(HEAT_REACH), String(GRIPPER_REACH))}</span>
      </span>
    </div>
  );
}
