import { LIMITS } from '../protocol/limits.ts';

const { nodes: MAX_NODES, depth: MAX_DEPTH, characters: MAX_CHARACTERS } = LIMITS.request;

/**
 * Why a value is no plain, small one: looked at before its schema, which names every wrong place and
 * so works in proportion to what it is given.
 *
 * @param value as a socket's parser gives it
 * @returns what was expected and got; null for numbers, texts, lists and objects within the limits
 * @cost that of the limits, and of listing the keys of one object that goes beyond them
 */
export function findExcess(value: unknown): string | null {
  let nodes = 0;
  let characters = 0;
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: here, depth } = next;
    nodes++;
    if (typeof here === 'string') characters += here.length;
    if (ArrayBuffer.isView(here) || here instanceof ArrayBuffer) {
      return 'expected numbers, texts, lists and objects, got bytes';
    }
    if (typeof here === 'object' && here !== null) {
      if (depth === MAX_DEPTH) return `expected at most ${MAX_DEPTH} levels, got more`;
      const keys = Array.isArray(here) ? [] : Object.keys(here);
      const parts: readonly unknown[] = Array.isArray(here) ? here : Object.values(here);
      if (nodes + waiting.length + parts.length > MAX_NODES) {
        return `expected at most ${MAX_NODES} values, got more`;
      }
      for (const key of keys) characters += key.length;
      for (const part of parts) waiting.push({ value: part, depth: depth + 1 });
    }
    if (characters > MAX_CHARACTERS) {
      return `expected at most ${MAX_CHARACTERS} characters of text, got more`;
    }
  }
  return null;
}
