/** A time of a few digits: 0.42, 3.1, 58, 1240. ms */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 1) return ms.toFixed(2);
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

/** m:ss, or h:mm:ss for an hour and more. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

export function formatPercent(rate: number): string {
  return `${Math.round(100 * rate)} %`;
}

/** A loss with three digits that count. */
export function formatLoss(loss: number): string {
  return loss >= 0.01 ? loss.toPrecision(3) : loss.toExponential(2);
}

/** Digits in groups, the same in every language. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** What a probability is, as statisticians write it behind its "p". */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** A moment by the clock on the wall, the same in every language: 2026-01-31 09:05. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
