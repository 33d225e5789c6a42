import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { NamedEncoder } from '../../../server/protocol/events.ts';
import type { PolicySource, Run, ShippedPolicy } from '../../../server/protocol/index.ts';
import { type MethodName, type ObjectiveSpec, SHIPPED } from '../../../server/protocol/policies.ts';
import type { Guest } from '../../../server/protocol/policy-servers.ts';
import { sameSource } from '../../../server/protocol/sources.ts';

/** What is known of a policy that is offered. */
export interface OfferedSpec extends Pick<ShippedPolicy['spec'], 'condition'> {
  readonly task: string;
  readonly controlHz: number;
  /** Null for one that draws in a way of its own. */
  readonly objective: ObjectiveSpec | null;
}

/** A policy that can act, or could if the server were given what it lacks. */
export interface Offer {
  readonly source: PolicySource;
  /** What it learnt by; null for a guest. */
  readonly name: MethodName | null;
  readonly spec: OfferedSpec;
  /** Null for a checkpoint that ships, and for a guest. */
  readonly run: Run | null;
  /** The policy server that it is of; null for what is trained here. */
  readonly guest: Guest | null;
  /** The text encoder that it reads with and the server was not given: it cannot act; null where it can. */
  readonly lacks: string | null;
}

export interface Offers {
  /** Those that ship, then runs with a checkpoint, newest first, then guests that have said what they are. */
  readonly all: ReadonlySignal<readonly Offer[]>;
  /** Policy servers that the server was started with. */
  readonly guests: ReadonlySignal<readonly Guest[]>;
  /** The server has told of those that ship, and of runs. */
  readonly told: ReadonlySignal<boolean>;
  /** @returns null for what the server has not told of */
  find(source: PolicySource): Offer | null;
  /** Takes what the server says that ships, and what policies can read with there. */
  replace(shipped: readonly ShippedPolicy[], encoder?: NamedEncoder | null): void;
  /** Takes what it says of its guests. */
  replaceGuests(guests: readonly Guest[]): void;
}

export function createOffers(runs: {
  readonly all: ReadonlySignal<readonly Run[] | null>;
}): Offers {
  const shipped = signal<readonly ShippedPolicy[] | null>(null);
  const guests = signal<readonly Guest[]>([]);
  const encoder = signal<NamedEncoder | null>(null);
  const lacking = (spec: ShippedPolicy['spec']) => lackingOf(spec, encoder.value);
  const all = computed((): readonly Offer[] => [
    ...(shipped.value ?? []).map(({ name, spec }) => {
      const source = { kind: 'shipped' as const, name };
      return { source, name: SHIPPED[name], spec, run: null, guest: null, lacks: lacking(spec) };
    }),
    ...(runs.all.value ?? [])
      .filter(({ step }) => step > 0)
      .map((run) => {
        const source = { kind: 'run' as const, id: run.id };
        const { policy: name, spec } = run;
        return { source, name, spec, run, guest: null, lacks: lacking(spec) };
      }),
    ...guests.value.flatMap((guest) => offerOf(guest) ?? []),
  ]);
  return {
    all,
    guests,
    told: computed(() => shipped.value !== null && runs.all.value !== null),
    find: (source) => all.value.find((offer) => sameSource(offer.source, source)) ?? null,
    replace(policies, given = null) {
      encoder.value = given;
      shipped.value = policies;
    },
    replaceGuests(others) {
      guests.value = others;
    },
  };
}

/** A guest as it is offered; null for one of which nothing is known. */
function offerOf(guest: Guest): Offer | null {
  if (!guest.about) return null;
  const { task, controlHz } = guest.about;
  return {
    source: { kind: 'server', url: guest.url },
    name: null,
    spec: { task, controlHz, objective: null },
    run: null,
    guest,
    lacks: null,
  };
}

/** Name of the encoder that a policy reads with and the one that there is is not. */
function lackingOf(
  { condition }: ShippedPolicy['spec'],
  encoder: NamedEncoder | null,
): string | null {
  const text = condition?.text;
  if (text?.encoder !== 'pretrained') return null;
  const isThere = encoder?.model === text.model && encoder.tokenizer === text.tokenizer;
  return isThere ? null : text.name;
}
