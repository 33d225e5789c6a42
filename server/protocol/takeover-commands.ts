/** Numbers of a command: seven joint targets and the gripper. */
const COMMAND_SIZE = 8;

/** Control steps from, to (not included). */
export type Span = readonly [from: number, to: number];

/** All that was commanded in a view until a moment: replayed from the start it ends in the same bits. */
export interface CommandsUntil {
  /** f32 [T, 8] */
  readonly commands: Float32Array;
  /** What of it a person commanded, in order. */
  readonly spans: readonly Span[];
}

/** [number of spans, from, to, …, commands]. */
export function packCommands({ commands, spans }: CommandsUntil): Float32Array {
  return Float32Array.from([spans.length, ...spans.flat(), ...commands]);
}

/** @returns null for numbers that `packCommands` did not pack */
export function unpackCommands(packed: Float32Array | null): CommandsUntil | null {
  const count = packed?.[0];
  if (!packed || count === undefined || !Number.isInteger(count) || count < 0) return null;
  const commands = packed.slice(1 + 2 * count);
  if (packed.length < 1 + 2 * count || commands.length % COMMAND_SIZE !== 0) return null;
  const spans = Array.from({ length: count }, (_, i): Span => {
    return [packed[1 + 2 * i], packed[2 + 2 * i]];
  });
  return { commands, spans };
}
