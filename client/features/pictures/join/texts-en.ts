/** Texts of the table that joins pictures and the robot. */
export const joinEn = {
  title: 'A pixel and a joint, denoised by one idea',
  lead: 'The robot and the pictures share objectives, samplers, guidance, text encoder, trainer and engine: the same files. What differs is the network’s grid and what lies on it. Each cell leads to where it can be seen at work.',
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
      picture: 'Normal, one number a colour of a pixel; at k = K nothing of the cat is left',
      robot: 'Normal, one number a joint and control step; at k = K nothing of the grasp is left',
    },
    network: {
      name: 'Network',
      picture: 'U-Net over the plane, skips at every resolution, step embedding in every block',
      robot: 'The same U-Net body over time: convolutions run along the chunk',
    },
    condition: {
      name: 'Condition',
      picture: 'Each place of the picture asks the words what it is to be (cross-attention)',
      robot: 'Each control step asks words, positions and camera (cross-attention)',
    },
    guidance: {
      name: 'Guidance',
      picture: 'w = 0 draws any cat, w = 1 the one that is asked for, more exaggerates it',
      robot: 'w = 0 takes either ball, w = 1 the one that is named, more exaggerates it',
    },
    sampler: {
      name: 'Sampler',
      picture:
        'The picture emerges call by call: in steps, on a straight line, or noised anew after each',
      robot: 'The plan emerges call by call: diffusion’s steps, flow’s straight line',
    },
    averaging: {
      name: 'Mode averaging',
      picture: 'L2’s cat is the mean of all that the caption allows: a blur',
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
