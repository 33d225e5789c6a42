import { describe, expect, it } from 'vitest';
import { createLessonState, REACH } from '../../../../client/features/lesson/lesson-state.ts';
import type { FromWorker, ToWorker } from '../../../../client/features/lesson/messages.ts';
import { MAX_OWN_POINTS } from '../../../../policies/lesson/target.ts';

function open() {
  const told: ToWorker[] = [];
  const lesson = createLessonState((message) => told.push(message));
  const last = <K extends ToWorker['kind']>(kind: K) =>
    told.findLast((message): message is Extract<ToWorker, { kind: K }> => message.kind === kind);
  return { lesson, told, last };
}

function progress(lesson: number): FromWorker {
  return {
    kind: 'progress',
    lesson,
    rate: 30,
    steps: [{ step: 1, losses: { diffusion: 1, flow: 2 } }],
  };
}

describe('the lesson', () => {
  it('begins by itself with the fork, in training', () => {
    const { last } = open();
    expect(last('begin')?.target.mixture.means).toHaveLength(2);
    expect(last('play')).toEqual({ kind: 'play', playing: true });
    expect(last('draw')?.drawing.diffusion).toEqual({ kind: 'ddpm' });
  });

  it('begins anew with other noise when told to', () => {
    const { lesson, last } = open();
    const before = last('begin');
    lesson.playing.value = false;
    lesson.restart();
    expect(last('begin')?.seed).not.toBe(before?.seed);
    expect(last('begin')?.lesson).not.toBe(before?.lesson);
    expect(last('play')?.playing).toBe(true);
  });

  it('does not listen to what is said of a lesson before', () => {
    const { lesson, last } = open();
    const old = last('begin')?.lesson ?? 0;
    lesson.hear(progress(old));
    expect(lesson.losses.value).toHaveLength(1);
    lesson.targetName.value = 'point';
    expect(lesson.losses.value).toEqual([]);
    lesson.hear(progress(old));
    expect(lesson.losses.value).toEqual([]);
    lesson.hear(progress(last('begin')?.lesson ?? 0));
    expect(lesson.losses.value).toHaveLength(1);
  });

  it('asks for no more steps of DDIM than a diffusion has', () => {
    const { lesson, last } = open();
    lesson.drawing.value = {
      ...lesson.drawing.value,
      diffusion: { kind: 'ddim', steps: 50, eta: 0 },
    };
    expect(last('draw')?.drawing.diffusion).toMatchObject({ steps: 50 });
    lesson.targetName.value = 'point';
    expect(last('draw')?.drawing.diffusion).toMatchObject({ steps: 10 });
  });

  it('asks for arrows while some are shown', () => {
    const { lesson, last } = open();
    lesson.progress.value = 0.4;
    expect(last('field')?.request?.progress).toBe(0.4);
    lesson.arrows.learnt.value = false;
    expect(last('field')?.request).toBeNull();
    lesson.arrows.best.value = true;
    expect(last('field')?.request?.progress).toBe(0.4);
  });

  it('says what went wrong in the worker', () => {
    const { lesson } = open();
    lesson.hear({ kind: 'failed', message: 'no such thing' });
    expect(lesson.error.value).toBe('no such thing');
  });
});

describe('points of one’s own', () => {
  it('begin with the first one dropped, wherever that is', () => {
    const { lesson, last } = open();
    lesson.toggle([0.3, -0.4]);
    expect(lesson.targetName.value).toBe('own');
    expect(last('begin')?.target.mixture.means).toEqual([[0.3, -0.4]]);
  });

  it('are dropped, taken away by a press on them, undone and cleared', () => {
    const { lesson } = open();
    lesson.targetName.value = 'own';
    lesson.toggle([0, 0]);
    lesson.toggle([0.5, 0.5]);
    expect(lesson.own.value).toEqual([
      [0, 0],
      [0.5, 0.5],
    ]);
    lesson.toggle([0.03, -0.02]);
    expect(lesson.own.value).toEqual([[0.5, 0.5]]);
    lesson.undo();
    expect(lesson.own.value).toHaveLength(2);
    lesson.clear();
    expect(lesson.own.value).toEqual([]);
    lesson.undo();
    expect(lesson.own.value).toHaveLength(2);
    for (let i = 0; i < 5; i++) lesson.undo();
    expect(lesson.canUndo.value).toBe(false);
  });

  it('stop the training where there are none', () => {
    const { lesson, last } = open();
    lesson.targetName.value = 'own';
    expect(lesson.target.value).toBeNull();
    expect(last('play')?.playing).toBe(false);
    lesson.toggle([0, 0]);
    expect(last('play')?.playing).toBe(true);
  });

  it('stay where samplers can reach them, and few enough to be learnt', () => {
    const { lesson } = open();
    lesson.targetName.value = 'own';
    lesson.toggle([5, -7]);
    expect(lesson.own.value).toEqual([[REACH, -REACH]]);
    for (let i = 0; i < 20; i++) lesson.toggle([-0.9 + 0.15 * (i % 12), i < 12 ? 0.5 : 0]);
    expect(lesson.own.value).toHaveLength(MAX_OWN_POINTS);
  });
});

describe('a press that begins another training', () => {
  /** A lesson of the fork with some steps made. */
  function trained() {
    const opened = open();
    const begun = opened.last('begin');
    for (let i = 0; i < 7; i++) opened.lesson.hear(progress(begun?.lesson ?? 0));
    return { ...opened, begun };
  }
  const PRESSES: Readonly<Record<string, (lesson: ReturnType<typeof open>['lesson']) => void>> = {
    'a point dropped into the plane': (lesson) => lesson.toggle([0.2, 0.2]),
    'another target': (lesson) => {
      lesson.targetName.value = 'point';
    },
    'no target at all': (lesson) => {
      lesson.targetName.value = 'own';
    },
    'training from nothing': (lesson) => lesson.restart(),
  };

  it.each(Object.entries(PRESSES))('can be taken back, training and all: %s', (_, pressed) => {
    const { lesson, last, begun } = trained();
    const kept = lesson.losses.value;
    expect(lesson.setAside.value).toBe(0);
    pressed(lesson);
    expect(lesson.losses.value).toEqual([]);
    expect(lesson.setAside.value).toBe(7);
    lesson.undo();
    expect(lesson.targetName.value).toBe('fork');
    expect(lesson.own.value).toEqual([]);
    expect(lesson.losses.value).toEqual(kept);
    const { target, seed } = begun ?? {};
    expect(last('back')).toEqual({ kind: 'back', lesson: begun?.lesson, target, seed });
    expect(last('forget')?.lesson).not.toBe(begun?.lesson);
    lesson.hear(progress(begun?.lesson ?? 0));
    expect(lesson.losses.value).toHaveLength(8);
    expect(lesson.canUndo.value).toBe(false);
  });

  it('after another leaves both to be taken back, the points of each as well', () => {
    const { lesson, last } = trained();
    lesson.toggle([0.2, 0.2]);
    const own = last('begin')?.lesson ?? 0;
    for (let i = 0; i < 3; i++) lesson.hear(progress(own));
    lesson.toggle([-0.5, 0.5]);
    lesson.undo();
    expect(lesson.own.value).toEqual([[0.2, 0.2]]);
    expect(lesson.losses.value).toHaveLength(3);
    lesson.undo();
    expect(lesson.losses.value).toHaveLength(7);
  });

  it('keeps steps that are told of only after it', () => {
    const { lesson, begun } = trained();
    lesson.restart();
    lesson.hear(progress(begun?.lesson ?? 0));
    expect(lesson.setAside.value).toBe(8);
    lesson.undo();
    expect(lesson.losses.value).toHaveLength(8);
  });

  it('has noise that none had before, those set aside included', () => {
    const { lesson, told } = trained();
    lesson.restart();
    lesson.undo();
    lesson.restart();
    const seeds = told.flatMap((message) => (message.kind === 'begin' ? [message.seed] : []));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('is kept so many times and no more: what cannot be asked back is forgotten', () => {
    const { lesson, told } = trained();
    for (let i = 0; i < 30; i++) lesson.restart();
    const forgotten = told.filter(({ kind }) => kind === 'forget').length;
    let undone = 0;
    while (lesson.canUndo.value) {
      lesson.undo();
      undone++;
    }
    expect(undone + forgotten).toBe(30);
    expect(undone).toBeLessThan(20);
  });
});
