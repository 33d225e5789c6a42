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
      `The ${n} demonstrations of seed ${seed} that ${policies} learnt from are not here yet. Generated again, they are the same to the bit.`,
    taught: (policies: string) => `${policies} learnt from these before release.`,
    make: 'Generate them',
    episodes: (n: number) => counted(n, 'episode'),
    recorded: (n: number) => `${n} recorded`,
    unverified: (n: number) => `${n} not verified`,
    unverifiedWhy:
      'These came from elsewhere: replaying their commands here does not give what was observed. Policies learn from them as they are.',
    failures: (n: number) => `${n} without success`,
    modes: (counts: readonly (readonly [mode: string, count: number])[]) =>
      counts.map(([mode, count]) => `${count} ${mode}`).join(', '),
    show: 'Episodes',
    hide: 'Hide',
    trash: 'Move to trash',
    trashed: (name: string) => `${name} is in the trash.`,
    download: 'Download as a LeRobot dataset (.zip)',
    bring: 'Import a LeRobot dataset (.zip) of this arm',
    tooLarge: (mebibytes: number) =>
      `Expected at most ${mebibytes} MiB. Split the dataset where it was written.`,
    bringing: 'Reading and checking every episode…',
    generate: 'Generate',
    generateTitle: 'Generate scripted demonstrations',
    name: 'Name',
    count: 'Demonstrations',
    pushes: 'Pushes: disturb the hand and record the recovery',
    columns: { index: '#', mode: 'way', source: 'by', result: 'result', length: 'time' },
    source: {
      scripted: 'script',
      browser: 'person',
      imported: 'import',
      intervention: 'takeover',
    },
    result: { success: 'grasped', contact: 'touched', none: 'no grasp' },
    more: (n: number) => `${n} more`,
    train: 'Train on these',
    otherDatasets:
      'Policies for the task on the stage cannot learn from these: they show another scene.',
    introTold:
      'What the policies learn from: a sentence says which ball to take, and sometimes which side to pass.',
    removeEpisode: 'Remove this episode',
    removed: (name: string, n: number) => `${counted(n, 'episode')} of ${name} removed.`,
    trimmed: (name: string, episode: number) => `Episode ${episode} of ${name} ends sooner.`,
    relabelled: (name: string, episodes: string) => `Episode ${episodes} of ${name} is relabelled.`,
    made: (names: string) => `Made: ${names}.`,
  },
  /** Demonstrations that are looked at. */
  look: {
    map: (n: number) =>
      `${counted(n, 'path')} from above; arrow keys choose one and play it on the stage`,
    reading: 'Reading the paths…',
    thinned: (drawn: number, all: number) => `${drawn} of ${all} paths are drawn.`,
    invite: 'Choose a path, or an episode by its number: the arm plays it on the stage.',
    episode: (n: number) => `Episode ${n}`,
    paths: (n: number) => counted(n, 'path'),
    play: 'Play',
    none: 'no episode',
    replayed: 'Replaying its commands ends in exactly the same state.',
    notReplayed:
      'Replaying its commands does not give these frames: they are shown as stored, without the times of events.',
    filter: 'Which episodes',
    noMode: 'neither',
    odd: (n: number) => `${n} odd`,
    result: 'Result',
    results: { any: 'any', success: 'grasped', failure: 'not grasped' },
    source: 'By',
    anyone: 'anyone',
    length: 'Length',
    lengths: { any: 'any', short: 'up to the median', long: 'from the median' },
    shown: (n: number, all: number) => `${n} of ${all}`,
    all: 'All',
    nothingOdd: 'No episode repeats another one or is unlike the others.',
    same: (of: number) => `does exactly what ${of} does`,
    alike: (of: number) => `goes within 2 mm of the path of ${of}`,
    otherWay: (value: string, usual: string) =>
      `goes another way: ${value} cm from the middle path, others ${usual}`,
    otherLength: (value: string, usual: string) => `takes ${value} s, others ${usual} s`,
    furtherOdd: (n: number) => `and ${n} more`,
    onStage: 'Show the paths on the stage',
    leave: 'Back to the policies',
    transport: 'Time of the demonstration',
    before: 'Previous episode',
    after: 'Next episode (N)',
    seconds: (at: string, of: string) => `${at} of ${of} seconds`,
    curves: 'Curves',
    curveGroups: { hand: 'Hand', joints: 'Joints' },
    axes: ['forward', 'left', 'up'],
    gripper: 'gripper',
    joint: (n: number) => `joint ${n}`,
    done: 'actual',
    wanted: 'commanded',
  },
  /** What can be done to demonstrations. */
  mend: {
    title: 'Change these demonstrations',
    busy: 'Writing a new version…',
    learning:
      'A run is training on these. It continues with what it has read; after a change it cannot be resumed.',
    narrow: 'Filter the episodes above to remove or keep some of them.',
    remove: (n: number) => `Remove these ${n}`,
    keep: (n: number) => `Keep only these ${n}`,
    leaves: (counts: string) => `Leaves ${counts}.`,
    failures: (n: number) => `Remove the ${n} without success`,
    trim: (n: number, seconds: string) => `End episode ${n} at ${seconds} s`,
    trimWhere: (n: number) => `End episode ${n} where you stop it`,
    trimHint:
      'Its beginning cannot be cut off: an episode starts with the arm at rest, and motion in the middle of one is not stored.',
    mode: (n: number) => `Way that episode ${n} takes`,
    told: (n: number) => `Instruction of episode ${n}`,
    toldHint: 'Success is judged again by the new sentence.',
    split: 'Split by way into new datasets',
    splitVerified: 'Set apart what is not verified',
    mergeWith: 'Merge with',
    merge: 'Merge into one dataset',
  },
};
