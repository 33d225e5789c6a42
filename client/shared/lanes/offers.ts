import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { PolicySource, Run, ShippedPolicy } from '../../../server/protocol/index.ts';
import { type MethodName, SHIPPED } from '../../../server/protocol/policies.ts';
import { sameSource } from '../../../server/protocol/sources.ts';

/** A trained policy that can act. */
export interface Offer {
  readonly source: PolicySource;
  readonly name: MethodName;
  readonly spec: ShippedPolicy['spec'];
  /** Null for a checkpoint that ships. */
  readonly run: Run | null;
}

export interface Offers {
  /** Those that ship, then runs with a checkpoint, newest first. */
  readonly all: ReadonlySignal<readonly Offer[]>;
  /** The server has told of those that ship, and of runs. */
  readonly told: ReadonlySignal<boolean>;
  /** @returns null for what the server has not told of */
  find(source: PolicySource): Offer | null;
  /** Takes what the server says that ships. */
  replace(shipped: readonly ShippedPolicy[]): void;
}

export function createOffers(runs: {
  readonly all: ReadonlySignal<readonly Run[] | null>;
}): Offers {
  const shipped = signal<readonly ShippedPolicy[] | null>(null);
  const all = computed((): readonly Offer[] => [
    ...(shipped.value ?? []).map(({ name, spec }) => {
      const source = { kind: 'shipped' as const, name };
      return { source, name: SHIPPED[name], spec, run: null };
    }),
    ...(runs.all.value ?? [])
      .filter(({ step }) => step > 0)
      .map((run) => {
        const source = { kind: 'run' as const, id: run.id };
        return { source, name: run.policy, spec: run.spec, run };
      }),
  ]);
  return {
    all,
    told: computed(() => shipped.value !== null && runs.all.value !== null),
    find: (source) => all.value.find((offer) => sameSource(offer.source, source)) ?? null,
    replace(policies) {
      shipped.value = policies;
    },
  };
}
