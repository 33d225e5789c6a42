import { useId } from 'preact/hooks';
import { longestDelay } from '../../../server/protocol/chunk-schedule.ts';
import { type Chunking, SCHEMES, type Scheme } from '../../../server/protocol/chunking.ts';
import { useApp } from '../../app.ts';
import { LANES } from '../../shared/lanes/lanes.ts';
import { shortNameOf } from '../../shared/lanes/role-text.ts';
import { Slider } from '../../shared/lanes/sampling.tsx';
import { DEFAULT_HZ } from '../../shared/lanes/settings.ts';
import { Term } from '../../shared/words/term.tsx';
import { latencyText } from './latency-texts.ts';

/** Plans are there at once: what a page begins with. */
const PROMPT: Chunking = { scheme: 'synchronous', delay: 0 };

/** What arms would do if plans took longer: all views act so from the next episode on, which begins at once. */
export function WhatIf() {
  const { cast, connection, player, session, settings } = useApp();
  const text = latencyText.value;
  const group = useId();
  const info = player.track.value?.info;
  const hz = info?.controlHz ?? DEFAULT_HZ;
  const { scheme, delay } = settings.chunking.value ?? PROMPT;
  // One second at most, and no longer than all of them can.
  const most = (of: Scheme) =>
    Math.min(
      hz,
      ...(info?.lanes ?? []).map(({ predHorizon }) =>
        longestDelay(of, { actionHorizon: info?.actionHorizon ?? 1, predHorizon }),
      ),
    );
  const act = (next: Chunking) => {
    const bounded = { ...next, delay: Math.min(next.delay, most(next.scheme)) };
    const prompt = bounded.scheme === PROMPT.scheme && bounded.delay === 0;
    settings.chunking.value = prompt ? null : bounded;
  };
  const served = connection.offers('train:start');
  const unable = LANES.filter((lane) => {
    const acts = session.info(lane)?.chunking;
    return acts && acts.scheme !== scheme;
  });
  return (
    <section class="try what-if" data-testid="what-if">
      <h3>{text.whatIf}</h3>
      <Slider
        label={<Term id="latency">{text.delay}</Term>}
        value={delay}
        min={0}
        max={most(scheme)}
        show={(d) => text.delayValue(d, formatSeconds(d / hz))}
        onCommit={(d) => act({ scheme, delay: d })}
        testid="what-if-delay"
      />
      <fieldset class="schemes">
        <legend class="field-label">{text.scheme}</legend>
        {SCHEMES.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={group}
              checked={each === scheme}
              // Beside a page lie no programs that go on from known actions.
              disabled={each === 'real-time' && !served}
              data-testid={`what-if-${each}`}
              onChange={() => act({ scheme: each, delay })}
            />
            <span>
              <b>{text.schemes[each].name}</b> {text.schemes[each].does}
            </span>
          </label>
        ))}
      </fieldset>
      {unable.map((lane) => (
        <p key={lane} class="hint" data-testid={`what-if-unable-${lane}`}>
          {text.unable(shortNameOf(cast.of(lane)))}
        </p>
      ))}
    </section>
  );
}

/** A control step is no more than two digits of a second. */
function formatSeconds(seconds: number): string {
  return seconds.toFixed(2);
}
