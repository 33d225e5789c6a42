import { t } from './i18n/index.ts';
import type { Role } from './state/cast.ts';

type Named = Pick<Role, 'name' | 'run'>;

/** Who acts, in a word. */
export function shortNameOf({ name, run }: Named): string {
  if (name) return t.value.short[name];
  return t.value.stage.run(run?.slice(-4) ?? '–');
}

/** Who acts, as a heading says it. */
export function fullNameOf(role: Named): string {
  return role.name ? t.value.policy[role.name] : shortNameOf(role);
}

/** How it is drawn: "Heun · 9", or the sampler alone where it leaves no choice. */
export function drawingText({ drawing }: Pick<Role, 'drawing'>): string | null {
  if (!drawing) return null;
  const { sampler, nfe, range } = drawing;
  const title = t.value.sampler[sampler];
  return range.least < range.most ? `${title} · ${nfe}` : title;
}
