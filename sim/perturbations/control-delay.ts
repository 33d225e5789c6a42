import type { PerturbationKind } from './perturbation.ts';

/** Motors that do what was commanded some control steps ago: a slow bus, a controller with a queue of its own. */
export const controlDelay = {
  name: 'control-delay',
  unit: 'control steps',
  about:
    'commands reach the motors so many control steps late; until the first one the arm stays where it is',
  range: [0, 50],
  whole: true,
  drawn: false,
  seen: false,
  deliver: (commands, delay) => commands[Math.max(0, commands.length - 1 - delay)],
} as const satisfies PerturbationKind;
