import type { NoiseBin } from '../../../server/protocol/index.ts';
import { t } from '../../texts.ts';
import { formatLoss } from './format.ts';

/** A bar a noise level, with its standard error. */
export function LevelChart({
  objective,
  name,
  about,
  bins,
}: {
  objective: 'diffusion' | 'flow';
  /** Whose loss it is, and what that is of. */
  name: string;
  about: string;
  bins: readonly NoiseBin[];
}) {
  const text = t.value.noising;
  const most = Math.max(...bins.map(({ loss, standardError }) => loss + standardError));
  const symbol = objective === 'diffusion' ? 'k' : 'τ';
  const range = ({ from, to }: { from: number; to: number }) =>
    objective === 'diffusion' ? `${from}–${to}` : `${to.toFixed(1)}–${from.toFixed(1)}`;
  return (
    <figure class={`levels-chart ${objective}`} data-testid="levels-chart">
      <figcaption class="row wrap">
        <span class="lane-dot" />
        <b class="level-policy">{name}</b>
        <span class="hint push">{about}</span>
      </figcaption>
      <ol class="levels-bars tabular">
        {bins.map((bin) => (
          <li
            key={bin.from}
            title={`${symbol} ${range(bin)}: ${formatLoss(bin.loss)} ± ${formatLoss(bin.standardError)}`}
          >
            <span class="level-loss">{formatLoss(bin.loss)}</span>
            <span class="level-room">
              <span
                class="level-bar"
                data-testid="level-bar"
                style={{ height: `${(100 * bin.loss) / most}%` }}
              />
              <span
                class="level-whisker"
                style={{
                  bottom: `${(100 * (bin.loss - bin.standardError)) / most}%`,
                  height: `${(200 * bin.standardError) / most}%`,
                }}
              />
            </span>
            <span class="level-range">{range(bin)}</span>
          </li>
        ))}
      </ol>
      <div class="row spread levels-ends">
        <span>{text.data}</span>
        <span>
          {symbol} {text.levelsAxis}
        </span>
        <span>{text.noise}</span>
      </div>
    </figure>
  );
}
