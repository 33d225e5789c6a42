import { afterEach, describe, expect, it } from 'vitest';
import { describeTrained } from '../../../policies/network-policy.ts';
import { Actor, observeAll, setUpActors } from '../../../server/acting/actor.ts';
import { ACTION_DIM } from '../../../sim/index.ts';
import { SCRIPTED_POLICY, SCRIPTED_SPEC } from '../../support/scripted-policy.ts';
import { freeEpisodes, HOLD, startEpisode } from '../../support/simulation.ts';

afterEach(freeEpisodes);

const about = describeTrained(SCRIPTED_POLICY);
const { predHorizon, obsHorizon } = SCRIPTED_SPEC;
const { observationDim } = SCRIPTED_POLICY;

/** A plan that holds still, told from others and row from row by the gripper's opening, m. */
function planNumber(plan: number): Float32Array {
  return Float32Array.from({ length: predHorizon * ACTION_DIM }, (_, i) =>
    i % ACTION_DIM === ACTION_DIM - 1 ? openingOf(plan, Math.floor(i / ACTION_DIM)) : HOLD[i % 8],
  );
}

function openingOf(plan: number, row: number): number {
  return Math.fround(0.01 * plan + 0.0001 * row);
}

/** Openings commanded in so many control steps, with a plan whenever one is needed. */
function openings(actor: Actor, steps: number): number[] {
  return Array.from({ length: steps }, () => {
    if (actor.needsPlan) actor.accept(planNumber(actor.plans));
    return actor.step()[ACTION_DIM - 1];
  });
}

describe('an actor', () => {
  it('carries out Ta actions of each plan, then needs another', () => {
    const actor = new Actor(startEpisode(), setUpActors(about, { actionHorizon: 3 }));
    expect(actor.needsPlan).toBe(true);
    const rows = [0, 1, 2];
    expect(openings(actor, 6)).toEqual([0, 1].flatMap((k) => rows.map((row) => openingOf(k, row))));
    expect(actor.plans).toBe(2);
    expect(actor.needsPlan).toBe(true);
  });

  it('carries out the whole of a plan where nothing else is said', () => {
    const actor = new Actor(startEpisode(), setUpActors(about));
    openings(actor, predHorizon);
    expect(actor.plans).toBe(1);
    expect(actor.needsPlan).toBe(true);
  });

  it('waits with its last command while a plan is made, where it is to wait', () => {
    const chunking = { scheme: 'synchronous', delay: 2 } as const;
    const actor = new Actor(startEpisode(), setUpActors(about, { actionHorizon: 2, chunking }));
    const [first, second] = [openingOf(0, 0), openingOf(0, 1)];
    expect(openings(actor, 5)).toEqual([first, second, second, second, openingOf(1, 0)]);
  });

  it('says what its last plan has left where the next one begins', () => {
    const actor = new Actor(startEpisode(), setUpActors(about, { actionHorizon: 20 }));
    expect(actor.rest).toHaveLength(0);
    actor.accept(planNumber(0));
    expect(actor.rest).toEqual(planNumber(0).subarray(20 * ACTION_DIM));
  });

  it('holds still while its next plan is on the way, which then acts from its first row', () => {
    const actor = new Actor(startEpisode(), setUpActors(about, { actionHorizon: 2 }));
    const held = actor.wait();
    expect(held).toEqual(Float32Array.from(actor.episode.observe().state, (_, i) => held[i]));
    expect(actor.needsPlan).toBe(true);
    expect(openings(actor, 2)).toEqual([openingOf(0, 0), openingOf(0, 1)]);
    expect(actor.wait()[ACTION_DIM - 1]).toBe(openingOf(0, 1));
    expect(openings(actor, 2)).toEqual([openingOf(1, 0), openingOf(1, 1)]);
  });

  it('does not step before it has a plan', () => {
    const actor = new Actor(startEpisode(), setUpActors(about));
    expect(() => actor.step()).toThrow('accepts a plan before it steps');
  });
});

describe('what actors see', () => {
  it('is a row each, the last To observations, oldest first, and blank rows beyond', () => {
    const setup = setUpActors(about, { actionHorizon: 4 });
    const [still, moved] = [0, 1].map(() => new Actor(startEpisode(), setup));
    const before = observeAll(setup, [moved]).observation;
    openings(moved, 1);
    const { observation, told } = observeAll(setup, [still, moved], 3);
    const size = obsHorizon * observationDim;
    expect(observation).toHaveLength(3 * size);
    // Before the first observation there is none: it stands in.
    expect(observation.subarray(0, size)).toEqual(before);
    expect(observation.subarray(size, size + observationDim)).toEqual(
      before.subarray(0, observationDim),
    );
    expect(observation.subarray(size + observationDim, 2 * size)).not.toEqual(
      before.subarray(0, observationDim),
    );
    expect(observation.subarray(2 * size).every((value) => value === 0)).toBe(true);
    expect(told.known).toBeUndefined();
  });

  it('has with real-time chunking what each goes on from, and nothing for who has no plan yet', () => {
    const chunking = { scheme: 'real-time', delay: 2 } as const;
    const setup = setUpActors(about, { actionHorizon: 8, chunking });
    const [fresh, planned] = [0, 1].map(() => new Actor(startEpisode(), setup));
    planned.accept(planNumber(3));
    const { known } = observeAll(setup, [fresh, planned]).told;
    const size = predHorizon * ACTION_DIM;
    expect(known?.weight.subarray(0, predHorizon).every((weight) => weight === 0)).toBe(true);
    expect(known?.weight.subarray(predHorizon, predHorizon + 2)).toEqual(Float32Array.of(1, 1));
    expect(known?.actions.subarray(size, size + planned.rest.length)).toEqual(planned.rest);
  });
});
