import { capitalised, numberEn } from '../../shared/texts/words.ts';

/** Texts of the panels that explain: why policies differ, what a plan costs, where everything is. */
export const explainEn = {
  why: {
    title: 'Why they differ',
    meanTitle: 'L2 answers with the mean',
    sampleTitle: 'Diffusion and Flow draw an answer',
    /** Of a task with two modes: the mean of both is none. */
    two: {
      title: (_: number) => 'Two right answers',
      answers: (_: string) =>
        'From the same start, half of the demonstrators reached round the left, half round the right. Between two right answers stands the post.',
      mean: 'The squared error to all demonstrations is least for their average: a path nobody showed, through the middle.',
      sample:
        'They learn how noise becomes an action. Each draw becomes one whole path: left on one draw, right on the next, not in between.',
    },
    /** Of other tasks: the mean may itself be one of the ways. */
    many: {
      title: (ways: number) =>
        `${capitalised(numberEn(ways))} right ${ways === 1 ? 'answer' : 'answers'}`,
      answers: (ways: string) =>
        `From the same start demonstrators passed the posts in these ways, equally often: ${ways}. Each of them is right.`,
      mean: 'The squared error to all demonstrations is least for their average. Where that is itself one of the ways, L2 mostly succeeds, and never shows another: success alone does not tell it from a policy that has them all.',
      sample:
        'They learn how noise becomes an action. Each draw becomes one whole path: one of the ways on this draw, another on the next.',
    },
    horizonTitle: 'How long is a plan trusted?',
    horizonLong: (seconds: string) =>
      `Each plan is executed for ${seconds} s before the next. The longer, the further the arm follows L2’s middle path towards the post.`,
    horizonShort: (seconds: string) =>
      `Every ${seconds} s all policies observe again. The smallest deviation from the middle is then seen and amplified: L2 can escape its own averaging. Its plan from the start is still the mean.`,
    horizonHint: 'Change it and watch the counts: this is an experiment, not a film.',
    tallyTitle: 'Your experiment so far: successes',
    tallyTa: 'Ta',
    tallyEmpty: 'Counts of finished episodes appear here, by action horizon.',
    nfeTitle: 'What does a draw cost?',
    nfe: 'A draw takes several network calls. Fewer are faster and rougher; L2 takes one.',
  },
  whyTold: {
    title: 'What a word changes',
    choiceTitle: 'Four right answers',
    choice:
      'Two balls, two sides. Without an instruction a policy draws any of the four. A sentence leaves fewer.',
    readTitle: 'How a plan reads',
    read: 'Words become tokens, as do the balls and the hand. At every level of the network the plan looks up those it needs: “red” leads to where the red ball is.',
    guidanceTitle: 'Weigh the words: guidance',
    guidance:
      'The network is evaluated twice, with the sentence and without it. The difference is what the words change; w says how much of it counts.',
    scales:
      '0 ignores the sentence, 1 follows it. Above 1 the policy obeys no better, and grasps worse and worse: no demonstration goes that far.',
    wordsTitle: 'Only words it has seen',
    words:
      'It knows 25 words. Any other is the same unknown word to it: try “apricot”, and see it listed.',
  },
  state: {
    title: 'State',
    joint: (n: number) => `joint ${n}`,
    gripper: 'gripper',
    tcp: 'hand',
    step: 'step',
    episode: 'episode',
    seed: 'seed',
    recorder: 'Recorder',
    units:
      'Angles in degrees, gripper in mm, positions in m: x forward, y to the robot’s left, z up.',
    placeTitle: (object: string) => `Place the ${object}`,
    replay: 'replay',
    replayHint:
      'A fingerprint of every bit of all frames up to here: whoever opens a link to this moment gets the same',
    incomplete: (n: number) => `${n} frames were dropped: this page was too slow`,
    axis: { x: 'forward x', y: 'left y' },
    unread: {
      title: 'Not shown',
      damaged: {
        dataset: (name: string, why: string) => `Dataset ${name} cannot be read: ${why}`,
        run: (name: string, why: string) => `Run ${name} cannot be read: ${why}`,
      },
      /** Entries by their list; those that are too many or too large to be sent. */
      omitted: {
        runs: (n: number) => `Too many or too large to be listed: ${n} of the runs`,
        datasets: (n: number) => `Too many or too large to be listed: ${n} of the datasets`,
        jobs: (n: number) => `Too many or too large to be listed: ${n} of the jobs`,
        comparisons: (n: number) => `Too many or too large to be listed: ${n} of the comparisons`,
      },
    },
  },
};
