export { Camera, type CameraSpec, FAR, FRONT_CAMERA, frontCamera, type Picture } from './camera.ts';
export { type Appearance, sceneShapes } from './scene.ts';
