export { type IkResult, IkSolver } from './arm/ik.ts';
export { createFrames, forwardKinematics } from './arm/kinematics.ts';
export { HOME, JOINT_COUNT, JOINTS, MAX_GRIPPER_OPENING } from './arm/panda.ts';
export {
  ACTION_DIM,
  CONTROL_RATES,
  type ControlHz,
  Episode,
  type EpisodeSnapshot,
  type Observation,
  STATE_DIM,
} from './episode.ts';
export { type DivergenceTrace, PhysicsDivergedError, SimError } from './errors.ts';
export { handDown } from './math/rotation.ts';
export { clamp, distance, type Vec3 } from './math/vec.ts';
export {
  formatPerturbation,
  isDrawn,
  PERTURBATIONS,
  type Perturbation,
  type PerturbationName,
  type PerturbationPart,
  parsePerturbation,
  partsOf,
  problemOf,
  UNPERTURBED,
} from './perturbations/index.ts';
export { loadPhysics, PHYSICS, PHYSICS_HZ, type Rapier } from './physics.ts';
export { randomOf } from './random.ts';
export {
  findTask,
  type KnownTask,
  type ModeLabel,
  TASKS,
  type TaskName,
} from './tasks/index.ts';
export { MAX_SEED, startSeed } from './tasks/starts.ts';
export {
  ANY_GOAL,
  type Goal,
  type InitialState,
  type Mode,
  type MovableObject,
  modeNames,
  type Obstacle,
  type Phrase,
  type Placing,
  type Progress,
  type Task,
  type TaskLanguage,
  type TaskScene,
} from './tasks/task.ts';
