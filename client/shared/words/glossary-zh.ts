import type { Glossary } from './terms.ts';

export const glossaryZh: Glossary = {
  mode: {
    name: '模式',
    about:
      '演示者完成任务的一种不同走法：这里是从立柱左边或右边绕过。正确动作的分布在每种走法上有一个峰。',
  },
  averaging: {
    name: '模式平均',
    about:
      '有多个正确动作时平方误差的结果：误差最小的回答是它们的均值，而均值可能不是其中任何一个。左与右的均值正对立柱。',
    formula: 'argmin f E‖a − f(o)‖² = E[a | o]',
  },
  between: {
    name: '模式之间',
    about:
      '指经过没有演示者走过之处的路径。这里：离立柱轴线不到其半径加半个手宽（一根立柱时为 0.125 m），手必然撞上。',
  },
  firstPlan: {
    name: '最初的计划',
    about: '由一个回合的第一个观测作出的计划，此时左右同样正确。之后的计划已能看到手臂在哪一边。',
  },
  entropy: {
    name: '同一起点的熵',
    about:
      '同一起点的成功在各模式间分布得多均匀，再对起点求平均：每个起点只有一个答案时为 0，各模式同样多时为 1。已作小样本修正（Miller–Madow）。',
    formula: 'H = −Σ p(m) ln p(m) / ln M',
    paper: 'Miller 1955',
  },
  success: {
    name: '成功',
    about:
      '在回合时限内把小球提起 0.1 m 并保持 0.5 s，且没有失去资格：没有碰到立柱，也没有从其上方越过。有指令时必须是所说的那个球。',
  },
  contact: {
    name: '碰撞',
    about: '回合中手臂的任一部分压到立柱。回合随即以失败结束。',
  },
  observation: {
    name: '观测',
    about:
      '策略在一个控制步所见：七个关节角（rad）、夹爪开度（m），以及手和小球的位置（m）；或以相机画面代替后者。',
  },
  plan: {
    name: '计划',
    about:
      '策略由一次观测作出的结果：一个动作块；对于抽样的策略，还有抽取它所用的噪声。换一次噪声，就是另一个计划。',
  },
  chunk: {
    name: '动作块',
    about:
      '一起预测的接下来 Tp 个动作。每个动作是七个关节的目标（rad）和夹爪的目标（m）。一起预测使路径保持在开始的那一边。',
    formula: 'a ∈ ℝ^(Tp × Da)，Da = 8',
    paper: 'Zhao et al. 2023, arXiv:2304.13705',
  },
  to: {
    name: '观测步长 To',
    about: '策略得到最近多少个观测，以控制步计。',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  tp: {
    name: '预测步长 Tp',
    about: '一个动作块有多少个动作，以控制步计。20 Hz 时 32 步为 1.6 s。',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  ta: {
    name: '执行步长 Ta',
    about:
      '一个计划在下一个计划之前执行多少个动作，以控制步计；Ta ≤ Tp。它越长，计划不再观察而被执行的时间就越长。',
    paper: 'Chi et al. 2023, arXiv:2303.04137',
  },
  step: {
    name: '控制步',
    about: '给手臂的一次命令。策略以 20 Hz 行动，每步 50 ms，或以 50 Hz；其间物理仿真每步 10 ms。',
  },
  fan: {
    name: '扇形',
    about:
      '由同一观测、不同噪声抽取的十六个计划，颜色表示所取的模式。第一个被执行，其余显示它本来也可能怎样。',
  },
  latency: {
    name: '延迟',
    about: '从观测到由它作出的计划所需的时间，ms，单独计时。超过一个控制周期即为迟到。',
  },
  l2: {
    name: 'L2 回归',
    about: '只回答一个动作块、以平方误差训练的网络。它学到的是演示的条件均值。',
    formula: 'L = ‖a − f(o)‖²',
  },
  lstm: {
    name: 'LSTM 回归',
    about:
      '逐个动作预测动作块的循环网络，每个动作由上一个推出，以平方误差训练。它与 L2 一样会平均模式。',
    paper: 'Hochreiter and Schmidhuber 1997',
  },
  diffusion: {
    name: '扩散策略',
    about:
      '学习在给定观测下从带噪动作块中去除噪声，从而能从动作块的分布中抽样。抽取从纯噪声开始，逐步去除。',
    formula: 'L = ‖ε − ε_θ(o, a_k, k)‖²（或其线性函数 v 的）',
    paper: 'Chi et al. 2023, arXiv:2303.04137; Ho et al. 2020, arXiv:2006.11239',
  },
  flow: {
    name: '流匹配',
    about:
      '学习沿直线把噪声带到数据的速度。从 τ = 0 到 τ = 1 沿速度前进即得计划：这是常微分方程，起始噪声决定一切。',
    formula: 'a_τ = (1 − τ)·噪声 + τ·数据，L = ‖v_θ(o, a_τ, τ) − (数据 − 噪声)‖²',
    paper: 'Lipman et al. 2023, arXiv:2210.02747',
  },
  reflow: {
    name: '重整流',
    about:
      '用第一个流的噪声与由它抽得的计划成对再训练一次的流。它的路径近乎笔直，一次网络调用就够。',
    formula: 'a₁ = a₀ + v_θ(o, a₀, 0)',
    paper: 'Liu et al. 2023, arXiv:2209.03003',
  },
  noise: {
    name: '噪声',
    about:
      '相互独立的标准正态随机数，动作块的每个元素一个，计划由此抽取。起点与噪声相同，计划逐位相同。',
    formula: 'ε ~ N(0, I)',
  },
  k: {
    name: '扩散步 k',
    about: '扩散的动作块还带有多少噪声：k = K 是纯噪声，k = 0 是计划。与 τ 方向相反。',
    formula: 'a_k = √ᾱ_k · a₀ + √(1 − ᾱ_k) · ε',
    paper: 'Ho et al. 2020, arXiv:2006.11239',
  },
  tau: {
    name: '流时间 τ',
    about: '流的动作块走了多远：τ = 0 是噪声，τ = 1 是计划。无单位。',
    formula: 'a_τ = (1 − τ)·噪声 + τ·数据',
  },
  schedule: {
    name: '噪声调度',
    about: '每个扩散步还剩多少数据：ᾱ_k 从 1 降到接近 0，这里按余弦平方。不要与学习率的调度混淆。',
    paper: 'Nichol and Dhariwal 2021, arXiv:2102.09672',
  },
  sampler: {
    name: '采样器',
    about:
      '用训练好的网络抽取计划的步骤：在哪些噪声水平询问它，如何使用它的回答。更换它无需重新训练。',
  },
  calls: {
    name: '网络调用次数（NFE）',
    about: '抽取一个计划要计算多少次网络。引导使其加倍。次数越少越快，也越粗略。',
  },
  ddpm: {
    name: 'DDPM 采样',
    about:
      '走完训练时每一步、除最后一步外每步加入新噪声的扩散采样器：扩散多少步，就调用多少次网络。',
    paper: 'Ho et al. 2020, arXiv:2006.11239',
  },
  ddim: {
    name: 'DDIM 采样',
    about: '可以跳步的扩散采样器。η = 0 时途中不加噪声，最初的噪声决定计划。',
    paper: 'Song et al. 2021, arXiv:2010.02502',
  },
  eta: {
    name: 'η，新噪声',
    about: 'DDIM 每步加入多少新噪声：从 0（不加，由最初的噪声完全确定）到 1（与 DDPM 一样多）。',
    paper: 'Song et al. 2021, arXiv:2010.02502, eq. 16',
  },
  dpm: {
    name: 'DPM-Solver++ 采样',
    about: '扩散常微分方程的二阶求解器：每步还利用上一步的估计，用更少的调用得到同样的计划。',
    paper: 'Lu et al. 2022, arXiv:2211.01095',
  },
  euler: {
    name: 'Euler 法',
    about: '流最简单的采样器：沿学到的速度逐段直线前进，每步一次调用。',
    formula: 'a ← a + Δτ · v_θ(o, a, τ)',
  },
  heun: {
    name: 'Heun 法',
    about:
      '流的二阶采样器：每步沿两端速度的平均前进。每步两次调用；这里最后一步是只调用一次的 Euler 步。',
  },
  renoise: {
    name: '重新加噪',
    about:
      '一种带新噪声的采样器：每次调用先给出完整的数据，再以更弱的新噪声重新加噪。先前调用的误差被噪声淹没；采出的结果比数据少一些变化。',
    paper: 'Song et al. 2023, arXiv:2303.01469',
  },
  guidance: {
    name: '引导强度 w',
    about:
      '指令算多少（无分类器引导）：0 不理会，1 照做，更大则夸大。网络在有指令和没有指令时各被询问一次。',
    formula: 'v = v(∅) + w · (v(c) − v(∅))',
    paper: 'Ho and Salimans 2022, arXiv:2207.12598',
  },
  demonstration: {
    name: '演示',
    about: '由专家（脚本或人）完成的一个回合，供策略学习：每个控制步的观测与动作。',
  },
  intervention: {
    name: '干预',
    about:
      '回合中人从正在行动的策略手中接过手臂并加以纠正的一段。在策略自己到达的状态上训练，正是 DAgger 的思想。',
    paper: 'Ross et al. 2011, arXiv:1011.0686; Kelly et al. 2019, arXiv:1810.02890',
  },
  episode: {
    name: '回合',
    about: '对任务的一次尝试，从起点到成功、失败或时间用尽。一帧是其中的一个控制步。',
  },
  rollout: {
    name: '推演',
    about: '由策略驱动的回合。比较时，每个起点与每个噪声种子各做一次。',
  },
  start: {
    name: '起点',
    about: '回合开始时的状态：手臂姿态、小球位置与指令，由种子抽取。比较用的起点从不出现在训练中。',
  },
  seed: {
    name: '种子',
    about: '一个整数，一切随机由它导出。种子相同，起点、噪声或训练逐位相同。',
  },
  run: {
    name: '训练',
    about: '一次策略训练：其配置、种子、损失曲线和检查点。可以停止再继续，结果不变。',
  },
  checkpoint: {
    name: '检查点',
    about: '保存下来的网络权重，以及行动或继续训练所需的一切。',
  },
  ema: {
    name: '指数移动平均',
    about: '训练中权重的指数移动平均。策略用平均值行动，它比权重本身更平稳。',
    formula: 'θ̄ ← β·θ̄ + (1 − β)·θ',
  },
  interval: {
    name: '95 % 区间',
    about:
      '与计数相符的真实比率的范围：Wilson 区间。同一起点的多次推演并不独立，按其所值的较少次数计。',
    paper: 'Wilson 1927; Rao and Scott 1992',
  },
  mcnemar: {
    name: 'McNemar 检验',
    about:
      '在相同的起点和噪声上比较两个策略，只看恰有一个成功的推演。p 是两者同样好时出现这样大的差异的概率。',
    paper: 'McNemar 1947',
  },
};
