/**
 * Control periods for which a robot that waits for its plan has no action: those that are over before the
 * plan is there. Above 0 it has missed its deadline.
 *
 * @param latency from when the plan was due, ms
 * @param period  of the control loop, ms
 */
export function blockedPeriods(latency: number, period: number): number {
  return Math.max(0, Math.ceil(latency / period) - 1);
}
