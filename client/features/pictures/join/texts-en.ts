/** Texts of the table that joins pictures and the robot. */
export const joinEn = {
  title: 'One method for pixels and for joints',
  lead: 'The robot and the pictures share objectives, samplers, guidance, text encoder, trainer and engine: the same files. Only the network’s grid and the data on it differ. Each cell links to the place where it can be seen.',
  columns: { what: 'Part', picture: 'A cat from a caption', robot: 'A grasp from an instruction' },
  rows: {
    data: {
      name: 'Data',
      picture:
        'Cats drawn from a seed, each with a caption that is true of it: 32 rows of 3 · 32 numbers',
      robot:
        'Demonstrations, half to the left and half to the right: Tp control steps of 7 joints and the gripper',
    },
    noise: {
      name: 'Noise',
      picture:
        'Standard normal, one number per colour channel and pixel; at k = K nothing of the cat is left',
      robot:
        'Standard normal, one number per joint and control step; at k = K nothing of the grasp is left',
    },
    network: {
      name: 'Network',
      picture:
        'U-Net over height and width, skip connections at every resolution, step embedding in every block',
      robot: 'The same U-Net over time: convolutions run along the chunk',
    },
    condition: {
      name: 'Condition',
      picture: 'Each patch of the picture attends to the words (cross-attention)',
      robot: 'Each control step attends to words, positions and camera (cross-attention)',
    },
    guidance: {
      name: 'Guidance',
      picture: 'w = 0 draws any cat, w = 1 the one in the caption, more exaggerates it',
      robot: 'w = 0 takes either ball, w = 1 the one in the instruction, more exaggerates it',
    },
    sampler: {
      name: 'Sampler',
      picture:
        'The picture emerges call by call: by diffusion’s steps, along flow’s straight line, or with fresh noise after each call',
      robot: 'The plan emerges call by call: diffusion’s steps, flow’s straight line',
    },
    averaging: {
      name: 'Mode averaging',
      picture: 'L2’s picture is the mean of all cats that match the caption: a blur',
      robot: 'L2’s plan is the mean of left and right: into the post',
    },
    calls: {
      name: 'Network calls',
      picture: 'Up to 1000 a picture for DDPM, 20 for DDIM, 4 to 20 for a flow, 1 for L2',
      robot:
        'Up to 100 a plan for DDPM, 10 for DDIM, 4 for a flow, 1 for reflow and L2; each must fit in a control step',
    },
  },
};
