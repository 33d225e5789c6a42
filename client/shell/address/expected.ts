import type { StageTask } from '../../shared/tasks/stage-tasks.ts';

/** What a field of an address may say. */
export type Expected =
  | { readonly kind: 'whole'; readonly low: number; readonly high: number }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'places'; readonly task: StageTask }
  | { readonly kind: 'ended'; readonly last: number }
  | { readonly kind: 'sampler'; readonly policy: string }
  | { readonly kind: 'field' | 'once' | 'views' | 'policy' | 'acts' | 'eta' | 'guidance' }
  | { readonly kind: 'told' | 'text' | 'bare' | 'moment' | 'noiseRoom' };
