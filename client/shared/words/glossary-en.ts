import type { Glossary } from './terms.ts';

/** What the words of the page mean, as a textbook's glossary would say it. */
export const glossaryEn: Glossary = {
  mode: {
    name: 'Mode',
    about:
      'A distinct way of doing the task that demonstrators show: here round the left or round the right of the post. The distribution of right actions has a peak for each.',
  },
  averaging: {
    name: 'Mode averaging',
    about:
      'What squared error does where several actions are right: the answer with the least error is their mean, which may be none of them. The mean of left and right leads into the post.',
    formula: 'argmin f E‖a − f(o)‖² = E[a | o]',
  },
  between: {
    name: 'Between the modes',
    about:
      'Said of a path that passes where no demonstrator did. Here: nearer to a post’s axis than its radius plus half the hand’s width (0.125 m with one post), so that the hand must hit it.',
  },
  firstPlan: {
    name: 'First plan',
    about:
      'The plan made from the first observation of an episode, where left and right are equally right. Later plans see on which side the arm already is.',
  },
  entropy: {
    name: 'Entropy from one start',
    about:
      'How evenly the successes from one start are spread over the modes, averaged over starts: 0 where each start has one answer, 1 where all modes are equally frequent. Corrected for few samples (Miller and Madow).',
    formula: 'H = −Σ p(m) ln p(m) / ln M',
    paper: 'Miller 1955',
  },
  success: {
    name: 'Success',
    about:
      'The ball is lifted by 0.1 m and held for 0.5 s before the episode’s time is over, and nothing has barred it: no post touched, none crossed above. With an instruction it must be the ball that was named.',
  },
  contact: {
    name: 'Contact',
    about:
      'Any part of the arm pressed against a post during the episode. The episode then ends without success.',
  },
  observation: {
    name: 'Observation',
    about:
      'What a policy sees at a control step: seven joint angles (rad), the gripper’s opening (m), and where the hand and the balls are (m), or instead of the latter a camera’s picture.',
  },
  plan: {
    name: 'Plan',
    about:
      'What a policy makes of one observation: an action chunk, and for a policy that draws its plans the noise it was drawn from. Another draw of noise gives another plan.',
  },
  chunk: {
    name: 'Action chunk',
    about:
      'The next Tp actions, predicted together. Each action is the targets of seven joints (rad) and of the gripper (m). Predicting them together keeps a path on the side it began on.',
    formula: 'a ∈ ℝ^(Tp × Da), Da = 8',
    paper: 'Zhao et al. 2023, arXiv:2304.13705',
  },
  to: {
    name: 'Observation horizon To',
    about: 'How many of the newest observations a policy is given, in control steps.',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  tp: {
    name: 'Prediction horizon Tp',
    about: 'How many actions a chunk has, in control steps. At 20 Hz, 32 steps are 1.6 s.',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  ta: {
    name: 'Action horizon Ta',
    about:
      'How many actions of a plan are executed before the next plan, in control steps; Ta ≤ Tp. The longer it is, the longer a plan is followed without looking again.',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  step: {
    name: 'Control step',
    about:
      'One command to the arm. Policies act at 20 Hz, a step every 50 ms, or at 50 Hz; the physics takes steps of 10 ms in between.',
  },
  fan: {
    name: 'Fan',
    about:
      'Sixteen plans drawn from the same observation with different noise, coloured by the mode they take. The first is executed; the others show what it might have been.',
  },
  latency: {
    name: 'Latency',
    about:
      'Time from an observation to the plan made of it, ms, timed alone. A plan is late when it takes longer than a control period.',
  },
  l2: {
    name: 'L2 regression',
    about:
      'A network that answers with one chunk and is trained by squared error. It learns the conditional mean of the demonstrations.',
    formula: 'L = ‖a − f(o)‖²',
  },
  lstm: {
    name: 'LSTM regression',
    about:
      'A recurrent network that predicts a chunk action by action, each from the last, trained by squared error. It averages modes as L2 does.',
    paper: 'Hochreiter and Schmidhuber 1997',
  },
  diffusion: {
    name: 'Diffusion Policy',
    about:
      'Learns to take noise out of a noised action chunk, given the observation, and so to draw from the distribution of chunks. Drawing begins with pure noise and removes it in steps.',
    formula: 'L = ‖ε − ε_θ(o, a_k, k)‖² (or of v, a linear function of it)',
    paper: 'Chi et al. 2023, arXiv:2303.04137; Ho et al. 2020, arXiv:2006.11239',
  },
  flow: {
    name: 'Flow matching',
    about:
      'Learns the velocity that carries noise to data along straight lines. A plan is drawn by following the velocity from τ = 0 to τ = 1: an ODE, so that the noise at the start decides everything.',
    formula: 'a_τ = (1 − τ)·noise + τ·data,  L = ‖v_θ(o, a_τ, τ) − (data − noise)‖²',
    paper: 'Lipman et al. 2023, arXiv:2210.02747',
  },
  reflow: {
    name: 'Reflow',
    about:
      'A flow trained once more on pairs of a noise and the plan that the first flow draws from it. Its paths are nearly straight, so that one network call is enough.',
    formula: 'a₁ = a₀ + v_θ(o, a₀, 0)',
    paper: 'Liu et al. 2023, arXiv:2209.03003',
  },
  noise: {
    name: 'Noise',
    about:
      'Independent standard normal numbers, one for each entry of a chunk, from which a plan is drawn. Same start and same noise give the same plan, to the bit.',
    formula: 'ε ~ N(0, I)',
  },
  k: {
    name: 'Diffusion step k',
    about:
      'How much noise a diffusion’s chunk still carries: k = K is pure noise, k = 0 the plan. It runs against τ.',
    formula: 'a_k = √ᾱ_k · a₀ + √(1 − ᾱ_k) · ε',
    paper: 'Ho et al. 2020, arXiv:2006.11239',
  },
  tau: {
    name: 'Flow time τ',
    about: 'How far a flow’s chunk has come: τ = 0 is noise, τ = 1 the plan. No unit.',
    formula: 'a_τ = (1 − τ)·noise + τ·data',
  },
  schedule: {
    name: 'Noise schedule',
    about:
      'How much of the data is left at each diffusion step: ᾱ_k falls from 1 to nearly 0, here along a squared cosine. Not to be confused with the learning rate’s schedule.',
    paper: 'Nichol and Dhariwal 2021, arXiv:2102.09672',
  },
  sampler: {
    name: 'Sampler',
    about:
      'The procedure by which a trained network draws a plan: at which noise levels it is asked, and what is done with its answers. It can be changed without training again.',
  },
  calls: {
    name: 'Network calls (NFE)',
    about:
      'How often the network is evaluated for one plan, the number of function evaluations. Guidance doubles it. Fewer calls are faster and less exact.',
  },
  ddpm: {
    name: 'DDPM',
    about:
      'The diffusion sampler that takes every step of the training and adds fresh noise at each but the last: as many network calls as diffusion steps.',
    paper: 'Ho et al. 2020, arXiv:2006.11239',
  },
  ddim: {
    name: 'DDIM',
    about:
      'A diffusion sampler that skips steps. At η = 0 it adds no noise on the way, so that the first noise decides the plan.',
    paper: 'Song et al. 2021, arXiv:2010.02502',
  },
  eta: {
    name: 'η, fresh noise',
    about:
      'How much new noise DDIM adds at each step, from 0 (none: deterministic given the first noise) to 1 (as much as DDPM).',
    paper: 'Song et al. 2021, arXiv:2010.02502, eq. 16',
  },
  dpm: {
    name: 'DPM-Solver++',
    about:
      'A second-order solver of diffusion’s ODE: each step also uses the estimate of the step before, so that fewer calls reach the same plan.',
    paper: 'Lu et al. 2022, arXiv:2211.01095',
  },
  euler: {
    name: 'Euler',
    about:
      'The simplest sampler of a flow: straight steps along the learnt velocity, one call each.',
    formula: 'a ← a + Δτ · v_θ(o, a, τ)',
  },
  heun: {
    name: 'Heun',
    about:
      'A second-order sampler of a flow: each step goes along the mean of the velocities at its two ends. Two calls a step; here the last step is an Euler step with one.',
  },
  renoise: {
    name: 'Renoising',
    about:
      'A sampler with fresh noise: each call names the finished data, which are then noised anew, less each time. Errors of earlier calls drown in the noise; what is drawn varies less than the data do.',
    paper: 'Song et al. 2023, arXiv:2303.01469',
  },
  guidance: {
    name: 'Guidance scale w',
    about:
      'How much an instruction counts (classifier-free guidance): 0 ignores it, 1 follows it, more exaggerates it. The network is asked with the instruction and without it.',
    formula: 'v = v(∅) + w · (v(c) − v(∅))',
    paper: 'Ho and Salimans 2022, arXiv:2207.12598',
  },
  demonstration: {
    name: 'Demonstration',
    about:
      'An episode driven by an expert, scripted or a person, from which policies learn: observations and actions at every control step.',
  },
  intervention: {
    name: 'Intervention',
    about:
      'A stretch of an episode in which a person takes the arm from a policy that acts and corrects it. Training on the states that a policy itself reaches is the idea of DAgger.',
    paper: 'Ross et al. 2011, arXiv:1011.0686; Kelly et al. 2019, arXiv:1810.02890',
  },
  episode: {
    name: 'Episode',
    about:
      'One attempt at the task, from its start to success, failure or the end of its time. A frame is one control step of it.',
  },
  rollout: {
    name: 'Rollout',
    about:
      'An episode driven by a policy. A comparison makes one for each start and each noise seed.',
  },
  start: {
    name: 'Start',
    about:
      'The state in which an episode begins: the arm’s pose, the balls’ places and the instruction, drawn from a seed. Starts of comparisons never occur in training.',
  },
  seed: {
    name: 'Seed',
    about:
      'A whole number from which all chance is derived. The same seed gives the same starts, noise or training, to the bit.',
  },
  run: {
    name: 'Run',
    about:
      'One training of a policy: its configuration, seed, loss curves and checkpoint. It can be stopped and continued without any change to its result.',
  },
  checkpoint: {
    name: 'Checkpoint',
    about: 'The stored weights of a network, with all that is needed to act or to train on.',
  },
  ema: {
    name: 'EMA',
    about:
      'Exponential moving average of the weights during training. Policies act with the average, which varies less than the weights themselves.',
    formula: 'θ̄ ← β·θ̄ + (1 − β)·θ',
  },
  interval: {
    name: '95 % interval',
    about:
      'The range of true rates that agree with what was counted: Wilson’s interval. Rollouts from one start are not independent, and are counted as the fewer that they are worth.',
    paper: 'Wilson 1927; Rao and Scott 1992',
  },
  mcnemar: {
    name: 'McNemar’s test',
    about:
      'Compares two policies on the same starts and noise by those rollouts in which just one of them succeeds. p is the probability of a difference as large, were both equally good.',
    paper: 'McNemar 1947',
  },
};
