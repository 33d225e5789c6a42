import { nameOfSource, runOf } from '../../../server/protocol/sources.ts';
import { t } from '../../texts.ts';
import type { Cast, Role } from './cast.ts';
import { LANES, type LaneId } from './lanes.ts';

type Named = Pick<Role, 'choice' | 'name' | 'sees' | 'guest'>;

/** Who acts, in a word. */
export function shortNameOf({ choice, name, sees, guest }: Named): string {
  if (name) return sees === null ? t.value.short[name] : t.value.sees.name(t.value.short[name]);
  if (guest !== null) return guest;
  if (!choice) return '–';
  const run = runOf(choice.policy);
  return run === null ? nameOfSource(choice.policy) : t.value.stage.run(run.slice(-4));
}

/** Who acts, as a heading says it. */
export function fullNameOf(role: Named): string {
  return role.name && role.sees === null ? t.value.policy[role.name] : shortNameOf(role);
}

/** Whether who acts in a lane acts in another one as well. */
export function hasTwin(lane: LaneId, cast: Cast): boolean {
  const { name, sees } = cast.of(lane);
  return LANES.some((each) => {
    const other = cast.of(each);
    return each !== lane && other.name === name && (other.sees === null) === (sees === null);
  });
}

/** The same, and how its plans are drawn where it acts in another lane as well. */
export function distinctNameOf(lane: LaneId, cast: Cast): string {
  const role = cast.of(lane);
  const drawn = hasTwin(lane, cast) ? drawingText(role) : null;
  return drawn ? `${fullNameOf(role)} (${drawn})` : fullNameOf(role);
}

/** How it is drawn: "Heun · 9 · w 4", or the sampler alone where that leaves no choice. */
export function drawingText(role: Pick<Role, 'drawing' | 'guidance'>): string | null {
  const drawn = samplerText(role);
  return drawn === null || role.guidance === null
    ? drawn
    : `${drawn} · ${scaleText(role.guidance)}`;
}

/** A scale of guidance: "w 4". */
export function scaleText(guidance: number): string {
  return `w ${guidance}`;
}

/** An η of DDIM: "η 0.5". */
export function etaText(eta: number): string {
  return `η ${eta}`;
}

/** The same without its guidance. */
export function samplerText({ drawing }: Pick<Role, 'drawing'>): string | null {
  if (!drawing) return null;
  const { sampler, nfe, range, eta } = drawing;
  const calls = range.least < range.most ? [nfe] : [];
  const noise = eta ? [etaText(eta)] : [];
  return [t.value.sampler[sampler], ...calls, ...noise].join(' · ');
}
