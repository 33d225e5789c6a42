export { type LeRobotCheckpoint, readLeRobot } from './checkpoint.ts';
export { FEATURES } from './config.ts';
export { LeRobotError } from './error.ts';
export { type ActingIn, describeLeRobot, LeRobotPolicy } from './policy.ts';
