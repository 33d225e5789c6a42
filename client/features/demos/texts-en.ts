import { counted } from '../../shared/texts/words.ts';

/** Texts of the demonstrations. */
export const demosEn = {
  demos: {
    title: 'Demonstrations',
    intro: (ways: readonly string[]) =>
      ways.length === 2
        ? 'What the policies learn from: half of them pass the post on the left, half on the right.'
        : `What the policies learn from: from each start the posts are passed every way: ${ways.join(', ')}.`,
    empty: 'No demonstrations yet. Generate some, or record your own.',
    learntFrom: (policies: string, n: number, seed: number) =>
      `What ${policies} learnt from before they shipped: ${n} demonstrations of seed ${seed}, not here yet. Made again, they are the same to the bit.`,
    taught: (policies: string) => `${policies} learnt from these before they shipped.`,
    make: 'Make them',
    episodes: (n: number) => counted(n, 'episode'),
    recorded: (n: number) => `${n} recorded`,
    failures: (n: number) => `${n} without success`,
    modes: (counts: readonly (readonly [mode: string, count: number])[]) =>
      counts.map(([mode, count]) => `${count} ${mode}`).join(', '),
    show: 'Episodes',
    hide: 'Hide',
    trash: 'Move to trash',
    trashed: (name: string) => `${name} is in the trash.`,
    generate: 'Generate',
    generateTitle: 'Generate scripted demonstrations',
    name: 'Name',
    count: 'Demonstrations',
    pushes: 'Pushes: disturb the hand, record how to come back',
    columns: { index: '#', mode: 'way', source: 'by', result: 'result', length: 'time' },
    source: { scripted: 'script', browser: 'person' },
    result: { success: 'grasped', contact: 'touched', none: 'no grasp' },
    more: (n: number) => `${n} more`,
    train: 'Train on these',
    otherDatasets:
      'Policies of the task on the stage cannot learn from these: they show another scene.',
    introTold:
      'What the policies learn from: a sentence says which ball to take, and sometimes which side to pass.',
    removeEpisode: 'Remove this episode',
    episodeRemoved: (name: string, episode: number) => `Episode ${episode} of ${name} is removed.`,
  },
};
