// Without the schemas and their library: what trains in a browser reads these, too.
import type { ConditionSpec, TextSpec } from './condition.ts';

/** Numbers in a row of the network's image input; 0 without one. */
export function imageSize({ image }: ConditionSpec): number {
  return image ? 3 * image.size * image.size : 0;
}

/** Numbers in a row of the network's text input. */
export function textSize(text: TextSpec): number {
  return text.encoder === 'learned' ? text.tokens : text.tokens * (text.features + 1);
}

/** The inputs a network with a condition has besides the others. */
export function conditionInputs(
  condition: ConditionSpec,
  batch: number,
): { name: 'text' | 'image'; shape: number[] }[] {
  const text = { name: 'text' as const, shape: [batch, textSize(condition.text)] };
  const size = imageSize(condition);
  return size > 0 ? [text, { name: 'image', shape: [batch, size] }] : [text];
}
