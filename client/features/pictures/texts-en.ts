/** The texts of the page of pictures. */
export const picturesEn = {
  documentTitle: 'Forking Paths: how noise becomes a picture',
  tagline: 'How noise becomes a picture',

  drawTitle: 'A caption becomes a picture',
  drawLead:
    'Drawing begins with noise. At each step the network sees the noised picture, the words and the noise level, and estimates the finished picture; the sampler moves the picture a little towards that estimate, or adds fresh, smaller noise to the estimate (renoise). Objective, sampler, guidance and text encoder are those of the robot’s policies; a row of pixels takes the place of a control step.',
  caption: 'Caption (English)',
  anyCat: 'any cat',
  draw: 'Draw',
  examples: 'Examples',
  tooLong: (excess: number) =>
    `Too long by ${excess} ${excess === 1 ? 'word' : 'words'}: leave some out.`,
  unknown: (words: readonly string[]) =>
    `Not in any training caption, so without meaning here: ${words.join(', ')}`,
  saysNothing: (words: readonly string[]) =>
    `None of these words is in any training caption: ${words.join(', ')}. The result can be any cat.`,
  painter: 'Painter',
  painterNamed: (name: string, method: string, size: number) =>
    `${name}: ${method}, ${size} × ${size}`,
  guidance: 'Guidance',
  builtIn: (w: number) =>
    `Learnt from pictures drawn with w = ${w}: guidance is built in, one network evaluation a call.`,
  guidanceHint: '0 ignores the caption, 1 follows it, above 1 exaggerates it.',
  calls: 'Steps',
  seed: 'Seed of the noise',
  painting: 'Drawing…',
  drawnIn: (caption: string, calls: number, ms: number) =>
    `“${caption || 'any cat'}” in ${calls} ${calls === 1 ? 'step' : 'steps'}, ${ms} ms`,
  noisedPicture: (caption: string) => `The noised picture of “${caption}”`,
  estimatedPicture: (caption: string) => `The estimate of the finished picture of “${caption}”`,
  asItStands: 'noised picture',
  estimate: 'estimate of the result',
  picture: 'picture',
  callsMade: (calls: number, all: number) => `step ${calls} of ${all}`,
  gazesTitle: 'Where each word is attended to',
  gazesHint:
    'Cross-attention at this step, averaged over heads and over the blocks of the middle and the decoder. Dark to bright: the least to the most attention that this word gets in any step. The number is its share of all attention.',
  gazeLabel: (word: string, share: string, at: string) =>
    `Where “${word}” is attended to, ${at}: ${share} of all attention`,

  noPainter: 'No painter ships with this server yet, so nothing can be drawn from a caption here.',
  noServer: 'Drawing from a caption requires the program: this copy of the page has no server.',
  trainOne: 'Train one, and start the server with it:',
  trainCommands:
    'npm run -s fp -- pictures train --size 32 --out cats.ckpt\nnpm run -s fp -- serve --painter cats.ckpt',
  without: 'What works without one:',

  gridTitle: 'How much the caption counts',
  gridLead:
    'Classifier-free guidance evaluates the network twice at each step, with and without the caption, and multiplies the difference by w. Each column begins with the same noise.',
  drawGrid: 'Draw all',
  stop: 'Stop',
  ofCaption: (caption: string) => `“${caption || 'any cat'}”`,
  seedNumber: (seed: number) => `seed ${seed}`,
  scales: ['ignores it', 'follows it', 'insists', 'insists', 'exaggerates'] as readonly string[],
  gridCell: (w: number, seed: number) => `w = ${w}, seed ${seed}`,

  sidesTitle: 'The same noise, different objectives',
  sidesLead:
    'Diffusion removes noise, flow follows a velocity, and L2 answers at once with the mean of all cats that match the caption: the blur is what an average looks like. Reflow has learnt flow’s own pairs of noise and picture, and draws in one call. Each uses its default sampler.',
  drawSides: 'Draw side by side',

  betweenTitle: 'From one caption to another',
  betweenLead:
    'The network is evaluated with both captions at every step, and its two answers are mixed; the noise is the same throughout. Whether the middle shows a mixture or one of the two depends on the network.',
  otherCaption: 'Towards (English)',
  drawBetween: 'Draw the transition',
  share: 'Share of the second caption',
  betweenLabel: (share: number) =>
    `The picture with ${Math.round(100 * share)} % of the second caption`,

  levelsTitle: 'Where the painter errs',
  levelsLead:
    'The loss by noise level, on cats not used in training. Near the picture there is hardly any noise left to predict; near the noise, nothing shows yet which cat it will be.',
  measure: 'Measure',
  levelsOf: (draws: number) => `mean squared error, ${draws} cats per bar, ± standard error`,

  noisingTitle: 'How a cat drowns in noise',
  noisingLead:
    'The forward process has no parameters: step by step the picture is mixed with noise, until nothing of it is left at k = 1000. The reverse process is learnt: at each k the network sees the noised picture and predicts the noise in it. One network serves every k.',
  noisedLabel: (caption: string, k: number) => `Picture of ${caption}, noised by ${k} steps`,
  marks: {
    0: 'the picture',
    100: 'what is missing: detail, whiskers, edges',
    500: 'what is missing: shape and outline',
    999: 'almost pure noise: which cat it becomes is decided here',
  },
  otherCat: 'Other cat',
  shownCat: (caption: string) => `“${caption}”, squared-cosine schedule, K = 1000`,
};
