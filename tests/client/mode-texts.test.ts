import { describe, expect, it } from 'vitest';
import { answersOf, postsOf, type StageTask } from '../../client/shared/tasks/stage-tasks.ts';
import { DICTIONARIES } from '../support/dictionaries.ts';

const { en, zh } = DICTIONARIES;

describe('what the page says of a task by its modes', () => {
  it('counts the right answers in its motto', () => {
    const mottoOf = (task: StageTask) => [en, zh].map(({ tagline }) => tagline(answersOf(task)));
    expect(mottoOf('left-right')).toEqual([
      'One scene, two right answers',
      '同一场景，两个正确答案',
    ]);
    expect(mottoOf('left-right-colour')).toEqual([
      'One scene, four right answers',
      '同一场景，四个正确答案',
    ]);
    expect(mottoOf('three-ways')).toEqual([
      'One scene, three right answers',
      '同一场景，三个正确答案',
    ]);
    expect(en.tagline(1)).toBe('One scene, one right answer');
    expect(en.why.many.title(8)).toBe('Eight right answers');
    expect(zh.why.many.title(12)).toBe(' 12 个正确答案');
  });

  it('asks for a way past one post, or past several', () => {
    const asked = (task: 'left-right' | 'three-ways') => en.record.suggest('left', postsOf(task));
    expect(asked('left-right')).toBe('Go round the LEFT of the post.');
    expect(asked('three-ways')).toBe('Go round the LEFT of the posts.');
    expect(en.record.suggest('middle', 2)).toBe('Go BETWEEN the posts.');
    expect(zh.record.suggest('middle', 2)).toBe('从两根立柱中间过去。');
  });

  it('says which way was taken so that it reads well for every way', () => {
    expect(en.record.savedMode('left', true)).toBe('success, round the left');
    expect(en.record.savedMode('middle', true)).toBe('success, between the posts');
    expect(en.record.summary('4.2', 'middle', false)).toBe('4.2 s, between the posts, not grasped');
    expect(zh.record.savedMode('middle', true)).toBe('成功，从中间');
  });

  it('warns of what nobody has demonstrated, by what is left to learn', () => {
    const { oneMode } = en.train.concern;
    expect(oneMode(['right'], 1)).toContain('round the right: every policy will learn the one way');
    expect(oneMode(['middle'], 2)).toBe(
      'No demonstration goes between the posts: no policy will learn that.',
    );
    expect(oneMode(['left', 'right'], 1)).toContain('round the left or round the right: every');
    expect(oneMode(['left', 'right'], 0)).toContain('no way past the posts to learn');
    expect(zh.train.concern.oneMode(['middle'], 2)).toBe('没有演示从中间走：没有策略会学到它。');
  });

  it('writes on the table what there is room for', () => {
    for (const word of Object.values(en.table)) expect(word.length).toBeLessThanOrEqual(8);
  });

  it('names every way where there are more than two', () => {
    expect(en.demos.intro(['left', 'right'])).toContain('half of them');
    expect(en.demos.intro(['left', 'middle', 'right'])).toContain('every way: left, middle, right');
  });
});
