import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Lane } from '../../../server/protocol/index.ts';
import { SAMPLERS, usualSampler } from '../../../server/protocol/policies.ts';
import type { Guest } from '../../../server/protocol/policy-servers.ts';
import { nameOfSource, sameSource } from '../../../server/protocol/sources.ts';
import { useApp } from '../../app.ts';
import { type Candidate, pictureOf } from '../../shared/lanes/cast.ts';
import { canBeGuided, guided, redrawn } from '../../shared/lanes/drawing.ts';
import { type LaneId, sameChoice } from '../../shared/lanes/lanes.ts';
import type { Offers } from '../../shared/lanes/offers.ts';
import { fullNameOf, samplerText, scaleText, shortNameOf } from '../../shared/lanes/role-text.ts';
import { EtaSlider, NfeSlider } from '../../shared/lanes/sampling.tsx';
import { Field, SelectField } from '../../shared/widgets/fields.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** Between the button and what it opens, and to the edges of the window, CSS px. */
const MARGIN = 8;
/** Of what it opens, CSS px; the style sheet has the same. */
const WIDTH = 290;

/** Says how a lane's plans are drawn, and opens the choice of who draws them. */
export function LaneChooser({ lane }: { lane: LaneId }) {
  const { cast } = useApp();
  const text = t.value.chooser;
  const button = useRef<HTMLButtonElement>(null);
  const open = useSignal(false);
  const place = useSignal({ x: 0, y: 0 });
  const role = cast.of(lane);
  const drawn = samplerText(role) ?? '–';
  const id = `chooser-${lane}`;
  return (
    <>
      <button
        type="button"
        class="small chooser-button"
        ref={button}
        popovertarget={id}
        aria-expanded={open.value}
        title={text.open}
        aria-label={`${fullNameOf(role)}, ${drawn}. ${text.open}`}
        data-testid={`lane-${lane}-choose`}
      >
        <span class="chooser-drawn">{drawn}</span>
        <Icon name="chevron" size={14} />
      </button>
      <div
        id={id}
        class={`chooser ${role.name ?? ''}`}
        popover="auto"
        role="dialog"
        aria-label={text.title(lane)}
        style={{ '--x': `${place.value.x}px`, '--y': `${place.value.y}px` }}
        data-testid={`lane-${lane}-chooser`}
        onBeforeToggle={({ newState }) => {
          const box = button.current?.getBoundingClientRect();
          if (newState !== 'open' || !box) return;
          const right = Math.min(box.right, innerWidth - MARGIN);
          place.value = { x: Math.max(MARGIN, right - WIDTH), y: box.bottom + MARGIN };
        }}
        onToggle={({ newState }) => {
          open.value = newState === 'open';
        }}
        // Escape closes this alone.
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open.value && <Choices lane={lane} />}
      </div>
    </>
  );
}

function Choices({ lane }: { lane: LaneId }) {
  const { cast, offers, session, view } = useApp();
  const text = t.value.chooser;
  const { choice, objective, drawing } = cast.of(lane);
  const first = cast.first.value[lane];
  return (
    <div class="stack">
      <h3>{text.title(lane)}</h3>
      <PolicySelect lane={lane} />
      {choice && objective && drawing && (
        <>
          <SelectField
            label={text.sampler}
            value={drawing.sampler}
            options={SAMPLERS[objective.kind].map((kind) => ({
              value: kind,
              label:
                kind === usualSampler(objective)
                  ? text.usual(t.value.sampler[kind])
                  : t.value.sampler[kind],
            }))}
            disabled={SAMPLERS[objective.kind].length === 1}
            onChange={(kind) => session.choose(lane, redrawn(choice, objective, kind))}
            testid={`lane-${lane}-sampler`}
          />
          <p class="hint">{text.about[drawing.sampler]}</p>
          <NfeSlider lane={lane} label={text.calls} testid={`lane-${lane}-calls`} />
          <EtaSlider lane={lane} />
        </>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={view.ghosts.value}
          data-testid={`lane-${lane}-ghosts`}
          onChange={(event) => {
            view.ghosts.value = event.currentTarget.checked;
          }}
        />
        <span>{t.value.ghosts.toggle} (G)</span>
      </label>
      {first && !sameChoice(choice, first) && (
        <button
          type="button"
          class="small"
          data-testid={`lane-${lane}-reset`}
          onClick={() => session.choose(lane, first)}
        >
          {text.reset(nameOfChoice(first, offers))}
        </button>
      )}
    </div>
  );
}

function nameOfChoice(choice: Lane, offers: Offers): string {
  const { policy, guidance } = choice;
  const offer = offers.find(policy);
  const short = shortNameOf({
    choice,
    name: offer?.name ?? null,
    sees: offer && pictureOf(offer),
    guest: offer?.guest?.about?.name ?? null,
  });
  return guidance === undefined ? short : `${short} · ${scaleText(guidance)}`;
}

function PolicySelect({ lane }: { lane: LaneId }) {
  const { cast, offers, session, settings } = useApp();
  const text = t.value.chooser;
  const role = cast.of(lane);
  const candidates = cast.candidates(lane, settings.task.value);
  if (!role.choice) return null;
  const { policy: here, guidance } = role.choice;
  // Those of which nothing is known may be of any task.
  const guests = offers.guests.value.filter(
    ({ about }) => about === null || about.task === settings.task.value,
  );
  const known =
    candidates.some(({ source }) => sameSource(source, here)) ||
    guests.some(({ url }) => url === nameOfSource(here));
  const own = candidates.filter(({ guest }) => guest === null);
  const groups = [
    { label: text.shipped, of: own.filter(({ run }) => run === null) },
    { label: text.runs, of: own.filter(({ run }) => run !== null) },
  ];
  return (
    <Field label={text.policy}>
      {(id) => (
        <select
          id={id}
          value={nameOfSource(here)}
          data-testid={`lane-${lane}-policy`}
          onChange={(event) => {
            const key = event.currentTarget.value;
            const chosen = candidates.find(({ source }) => nameOfSource(source) === key);
            const guest = guests.find(({ url }) => url === key);
            const policy = chosen?.source ?? (guest && { kind: 'server' as const, url: guest.url });
            if (!policy) return;
            const scale = chosen && canBeGuided(chosen.spec) ? guidance : 1;
            session.choose(lane, guided({ policy }, scale));
          }}
        >
          {!known && (
            <option value={nameOfSource(here)} selected>
              {shortNameOf(role)}
            </option>
          )}
          {groups
            .filter((group) => group.of.length > 0)
            .map((group) => (
              <optgroup key={group.label} label={group.label}>
                {group.of.map((candidate) => (
                  <option
                    key={nameOfSource(candidate.source)}
                    value={nameOfSource(candidate.source)}
                    selected={sameSource(candidate.source, here)}
                    disabled={candidate.lacks !== null}
                  >
                    {labelOf(candidate)}
                  </option>
                ))}
              </optgroup>
            ))}
          {guests.length > 0 && (
            <optgroup label={text.guests}>
              {guests.map((guest) => (
                <option
                  key={guest.url}
                  value={guest.url}
                  selected={guest.url === nameOfSource(here)}
                >
                  {guestLabelOf(guest, candidates)}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      )}
    </Field>
  );
}

function labelOf(candidate: Candidate): string {
  const { name, run, otherRate, lacks } = candidate;
  const who = { choice: null, name, sees: pictureOf(candidate), guest: null };
  const parts = run ? [shortNameOf(who), run.dataset.name, run.id.slice(-4)] : [fullNameOf(who)];
  if (run && run.status !== 'done') parts.push(t.value.train.status[run.status]);
  if (lacks !== null) parts.push(t.value.chooser.lacks(lacks));
  if (otherRate !== null) parts.push(t.value.chooser.otherRate(otherRate));
  return parts.join(' · ');
}

/** What a policy server is called, and whether it can act. */
function guestLabelOf({ url, about, problem }: Guest, candidates: readonly Candidate[]): string {
  const text = t.value.chooser;
  const otherRate = candidates.find(({ guest }) => guest?.url === url)?.otherRate ?? null;
  const parts = about === null || about.name === url ? [url] : [about.name, url];
  if (problem !== null) parts.push(text.unreachable);
  if (otherRate !== null) parts.push(text.otherRate(otherRate));
  return parts.join(' · ');
}
