/** Texts of the page where it has no server. */
export const aloneEn = {
  alone: {
    status: 'No server: physics and policies run in this page',
    title: {
      demos: 'Demonstrations',
      train: 'Training',
      compare: 'Comparison',
      record: 'Recording',
    },
    needed: {
      demos: 'Demonstrations are files: generating, viewing and editing them requires the program.',
      train: 'Training takes minutes to hours on all cores: it requires the program.',
      compare:
        'A comparison runs hundreds of episodes, with intervals and tests: it requires the program.',
      record: 'What you record becomes a file that policies learn from: it requires the program.',
    },
    here: 'This copy of the page has no server. The stage, the denoising view, the noise pad and taking over work here.',
    taken: (name: string) => `${name} has let go: the arm is yours.`,
    correct:
      'Bring it to where it should be, or to the goal, and let the policy continue from there.',
    keeping: 'Saving a correction and training on it requires the program.',
    embedding: 'Any page may embed it, unless the host of this one forbids it',
    lesson:
      'Uses demonstrations of the robot, which require the program; this copy of the page has no server.',
    cure: 'Get the program and run it on your machine:',
    commands: 'npm ci\nnpm start',
  },
};
