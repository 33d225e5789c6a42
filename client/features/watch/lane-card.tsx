import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { NO_MODE } from '../../../server/protocol/frames.ts';
import { useApp } from '../../app.ts';
import type { Role } from '../../shared/lanes/cast.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { distinctNameOf, fullNameOf, shortNameOf } from '../../shared/lanes/role-text.ts';
import { modesOf, type ShownMode } from '../../shared/tasks/modes.ts';
import { canBeTold } from '../../shared/tasks/stage-tasks.ts';
import {
  liftedText,
  outcomeText,
  type ToldOutcome,
  toldOutcome,
} from '../../shared/tasks/told-outcome.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { formatMs } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { Term } from '../../shared/words/term.tsx';
import type { ViewRect } from '../../stage/index.ts';
import { t } from '../../texts.ts';
import { AttentionStrip } from './attention-strip.tsx';
import { type Clearance, type Place, useClearance } from './clearance.ts';
import { DenoiseButton } from './denoise-button.tsx';
import { Futures } from './futures.tsx';
import { GuidanceSwitch, guidanceText } from './guidance-switch.tsx';
import { LaneChooser } from './lane-chooser.tsx';
import { LaneCounts } from './lane-counts.tsx';
import { LaneProblem } from './lane-problem.tsx';
import { LedChips } from './led-chips.tsx';
import { OutsideNote } from './outside-note.tsx';
import {
  decidedFan,
  FAN_LEAD,
  firstDecidedFan,
  isPlanning,
  splitOf,
  type Verdict,
  verdictOf,
} from './playback/split.ts';
import { createSample, type LaneSample } from './playback/track.ts';
import { SeenPicture } from './seen-picture.tsx';
import { useFan } from './shown.ts';
import { TakeOverButton } from './take-over-button.tsx';

/** Reused: overwritten by each reader at each frame. */
const sample = createSample();

/** What is written over one view: whose it is, what it plans, how it fared. */
export function LaneCard({
  lane,
  rect,
  clearance,
}: {
  lane: LaneId;
  rect: ViewRect;
  clearance: Clearance;
}) {
  const { cast, session } = useApp();
  const role = cast.of(lane);
  const top = useClearance(clearance, lane, 'top');
  const style = {
    left: `${rect.x}px`,
    top: `${rect.y}px`,
    width: `${rect.width}px`,
    height: `${rect.height}px`,
  };
  const problem = session.laneErrors.value[lane];
  const beside = clearance.beside.value;
  return (
    <section
      class={`lane-card ${role.name ?? ''}`}
      style={style}
      aria-label={distinctNameOf(lane, cast)}
      data-testid={`lane-${lane}`}
    >
      <div class="lane-top" ref={top} data-testid={`lane-${lane}-top`}>
        <LaneHeader lane={lane} />
        {!problem && <LaneStatus lane={lane}>{!beside && <LaneInsight lane={lane} />}</LaneStatus>}
        {!problem && <OutsideNote lane={lane} />}
      </div>
      {problem ? (
        <LaneProblem lane={lane} message={problem.message} />
      ) : (
        <>
          <Written lane={lane} place="bottom" clearance={clearance}>
            <LaneCounts lane={lane} />
          </Written>
          {beside && (
            <Written lane={lane} place="beside" clearance={clearance}>
              <LaneInsight lane={lane} />
            </Written>
          )}
        </>
      )}
    </section>
  );
}

/** A place in a view that its picture keeps clear of. */
function Written({
  lane,
  place,
  clearance,
  children,
}: {
  lane: LaneId;
  place: Place;
  clearance: Clearance;
  children: ComponentChildren;
}) {
  const element = useClearance(clearance, lane, place);
  return (
    <div class={`lane-${place}`} ref={element} data-testid={`lane-${lane}-${place}`}>
      {children}
    </div>
  );
}

/** Where its plans look, and what it sees: where one asks, and where it reads and sees. */
function LaneInsight({ lane }: { lane: LaneId }) {
  const { settings } = useApp();
  const told = canBeTold(settings.task.value);
  return (
    <>
      {told && settings.attention.value && <AttentionStrip lane={lane} />}
      <SeenPicture lane={lane} />
    </>
  );
}

function LaneHeader({ lane }: { lane: LaneId }) {
  const { cast, player, session, settings, view } = useApp();
  const role = cast.of(lane);
  const verdict = useComputed(() => {
    const track = player.track.value;
    player.received.value;
    const { name, oneAnswer } = cast.of(lane);
    if (!name) return null;
    // Of plans that another policy made it says nothing.
    const fan =
      session.info(lane) && track && decidedFan(track, lane, player.position.value + FAN_LEAD);
    return verdictOf(oneAnswer, fan && splitOf(fan));
  });
  const text = t.value.stage;
  const focused = view.focus.value === lane;
  const what = verdict.value;
  const told = canBeTold(settings.task.value);
  return (
    <header class="lane-header">
      <h2>
        <button
          type="button"
          class="lane-title"
          aria-pressed={focused}
          title={focused ? text.unfocus : text.focus(fullNameOf(role))}
          data-testid={`lane-${lane}-title`}
          onClick={() => {
            view.focus.value = focused ? null : lane;
          }}
        >
          <span class="lane-dot" />
          <LaneName role={role} />
        </button>
      </h2>
      <div class="lane-tools">
        <DenoiseButton lane={lane} />
        <LaneChooser lane={lane} />
      </div>
      <p
        class={`lane-verdict ${view.takingOver.value === lane ? 'led' : ''}`}
        data-testid={`lane-${lane}-verdict`}
      >
        {told && role.guidance !== null ? (
          <Term id="guidance">{guidanceText(role.guidance)}</Term>
        ) : (
          what !== null && (
            <Term id={what === 'samples' ? 'mode' : 'averaging'}>
              {verdictText(what, modesOf(settings.task.value))}
            </Term>
          )
        )}
      </p>
      <LanePlanTime lane={lane} />
    </header>
  );
}

/** Whole where it fits in; else in a word, which only the eye reads. */
function LaneName({ role }: { role: Role }) {
  const [whole, short] = [fullNameOf(role), shortNameOf(role)];
  if (whole === short) return <span class="lane-title-text">{whole}</span>;
  return (
    <span class="lane-title-text">
      <span class="lane-title-whole">{whole}</span>
      <span class="lane-title-short" aria-hidden="true">
        {short}
      </span>
    </span>
  );
}

function verdictText(verdict: Verdict, modes: readonly ShownMode[]): string {
  const text = t.value.stage;
  if (typeof verdict === 'string') return text[verdict];
  return text.oneAnswer(modes[verdict.mode]?.text ?? '');
}

function LanePlanTime({ lane }: { lane: LaneId }) {
  const { session } = useApp();
  const fan = useFan(lane);
  const text = t.value.stage;
  return (
    <p class="tabular lane-cost" title={t.value.stage.timedAlone} data-testid={`lane-${lane}-cost`}>
      <span data-testid={`lane-${lane}-nfe`}>
        <Term id="calls">{text.evals(session.info(lane)?.nfe ?? null)}</Term>
      </span>
      {' · '}
      <span data-testid={`lane-${lane}-ms`}>
        {text.perPlan(fan.value ? formatMs(fan.value.milliseconds) : '–')}
      </span>
    </p>
  );
}

function LaneStatus({ lane, children }: { lane: LaneId; children: ComponentChildren }) {
  const { player, session, settings, view } = useApp();
  // The plan and not its split: the same plan again is no reason to render.
  const decided = useComputed(() => {
    player.received.value;
    const track = session.info(lane) && player.track.value;
    return track && decidedFan(track, lane, player.position.value + FAN_LEAD);
  });
  const first = useComputed(() => {
    player.received.value;
    const track = session.info(lane) && player.track.value;
    return track && firstDecidedFan(track, lane, player.position.value + FAN_LEAD);
  });
  const status = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    if (!track?.sample(lane, player.position.value, sample)) return 'none';
    if (sample.contact) return 'contact';
    if (sample.success) return 'success';
    return player.mode.value === 'live' && isPlanning(track, lane) ? 'planning' : 'none';
  });
  const held = useSampled(lane, ({ lifted }) => lifted, -1);
  const mode = useSampled(lane, (shown) => shown.mode, NO_MODE);
  const text = t.value.stage;
  const kind = session.preparing(lane) ? 'preparing' : status.value;
  const told = canBeTold(settings.task.value);
  const instruction = player.track.value?.info.instruction ?? null;
  const outcome =
    told && kind !== 'preparing' && kind !== 'contact'
      ? toldOutcome(settings.task.value, instruction, { lifted: held.value, mode: mode.value })
      : null;
  // What it says of a policy would be wrong while a person has its arm, and keeps its place.
  const led = view.takingOver.value === lane;
  return (
    <div class={`lane-status ${led ? 'led' : ''}`}>
      <Futures
        lane={lane}
        split={decided.value && splitOf(decided.value)}
        first={first.value && splitOf(first.value)}
      />
      {told && <GuidanceSwitch lane={lane} />}
      {children}
      <p class="chips" data-testid={`lane-${lane}-status`} data-status={led ? 'led' : kind}>
        {led ? (
          <LedChips />
        ) : (
          <>
            {kind === 'preparing' && <span class="chip quiet">{text.preparing}</span>}
            {kind === 'planning' && <span class="chip quiet slow-in">{text.planning}</span>}
            {kind === 'contact' && (
              <span class="chip bad">
                <Icon name="close" size={14} />
                {text.touched}
              </span>
            )}
            {outcome && <ToldChip lane={lane} outcome={outcome} />}
            {kind === 'success' && !outcome && (
              <span class="chip good">
                <Icon name="check" size={14} />
                {text.grasped}
              </span>
            )}
            <RunTag lane={lane} />
            <TakeOverButton lane={lane} />
          </>
        )}
      </p>
      <Refusal lane={lane} />
      <Trouble lane={lane} />
    </div>
  );
}

/** One thing of what a lane shows now: who reads it renders again only when it changes. */
function useSampled<T>(lane: LaneId, read: (shown: LaneSample) => T, otherwise: T) {
  const { player } = useApp();
  return useComputed(() => {
    player.received.value;
    const shown = player.track.value?.sample(lane, player.position.value, sample);
    return shown ? read(sample) : otherwise;
  });
}

/** What it holds up, and whether it was told so. */
function ToldChip({ lane, outcome }: { lane: LaneId; outcome: ToldOutcome }) {
  const right = outcome.obeyed === null || outcome.obeyed === 'yes';
  return (
    <span
      class={`chip ${right ? 'good' : 'bad'}`}
      data-testid={`lane-${lane}-told`}
      data-obeyed={outcome.obeyed ?? 'free'}
    >
      <Icon name={right ? 'check' : 'close'} size={14} />
      <span class="told-whole">{outcomeText(outcome)}</span>
      <span class="told-short" aria-hidden="true">
        {liftedText(outcome)}
      </span>
    </span>
  );
}

/** Whose weights act, where they are not those that ship. */
function RunTag({ lane }: { lane: LaneId }) {
  const { cast } = useApp();
  const { run } = cast.of(lane);
  if (run === null) return null;
  const text = t.value.stage;
  return (
    <span class="chip run-tag" title={text.run(run)} data-testid={`lane-${lane}-run`}>
      {text.run(run.slice(-4))}
    </span>
  );
}

/** Why the lane holds still: its policy is asked elsewhere, and has no plan. */
function Trouble({ lane }: { lane: LaneId }) {
  const { session } = useApp();
  const message = session.info(lane) && session.troubles.value[lane];
  if (!message) return null;
  return (
    <div class="lane-refusal">
      <ErrorNote message={`${t.value.stage.noPlan} ${message}`} testid={`lane-${lane}-trouble`} />
      <button type="button" class="small" onClick={() => session.restart()}>
        {t.value.retry}
      </button>
    </div>
  );
}

/** Why what was chosen last for the lane does not act in it. */
function Refusal({ lane }: { lane: LaneId }) {
  const { session } = useApp();
  const refusal = session.refusals.value[lane];
  if (!refusal) return null;
  return (
    <div class="lane-refusal">
      <ErrorNote message={refusal.message} testid={`lane-${lane}-refusal`} />
      <button
        type="button"
        class="bare"
        title={t.value.stage.dismiss}
        aria-label={t.value.stage.dismiss}
        onClick={() => session.forgive(lane)}
      >
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}
