export { Camera, type CameraSpec, FAR, FRONT_CAMERA, type Picture } from './camera.ts';
export { type Appearance, sceneShapes } from './scene.ts';
