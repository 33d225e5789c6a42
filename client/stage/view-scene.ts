import { Group, type Matrix4, Mesh, MeshBasicMaterial, SphereGeometry } from 'three';
import type { TaskScene } from '../../sim/tasks/task.ts';
import type { ArmModel } from './arm-model.ts';
import { createArmModel } from './arm-model.ts';
import { Ball } from './ball.ts';
import { Fan } from './fan.ts';
import { NoisedFan } from './noised-fan.ts';
import { Post } from './post.ts';
import { Regions } from './region.ts';
import type { SharedResources } from './resources.ts';
import { Strands } from './strands.ts';
import { Trail } from './trail.ts';
import type { NoisedPaths, Region, SceneFrame, Strand } from './types.ts';

/** Of the mark on a hand that can be taken, m. */
const MARK_RADIUS = 0.014;

/** What one view does not share with the others: its arm, objects, posts, plans and trail. */
export class ViewScene {
  readonly object = new Group();
  readonly fan: Fan;
  readonly trail: Trail;
  readonly #noised: NoisedFan;
  readonly #shared: SharedResources;
  /** Made when they are first needed. */
  #strands: Strands | null = null;
  #regions: Regions | null = null;
  #mark: Mesh<SphereGeometry, MeshBasicMaterial> | null = null;
  #balls: readonly Ball[] = [];
  readonly #arm: ArmModel;
  #posts: readonly Post[] = [];
  readonly #light: MeshBasicMaterial;

  constructor(shared: SharedResources) {
    const { wardrobe, lineUniforms } = shared;
    this.#light = new MeshBasicMaterial({ toneMapped: false });
    this.#arm = createArmModel(
      shared.armParts.all,
      { shell: shared.shell, joint: shared.joint, light: { high: this.#light, low: this.#light } },
      wardrobe,
    );
    this.#shared = shared;
    this.fan = new Fan(lineUniforms);
    this.trail = new Trail(lineUniforms);
    this.#noised = new NoisedFan(lineUniforms);
    this.object.add(this.#arm.root, this.fan.object, this.trail.object, this.#noised.object);
  }

  get balls(): readonly Ball[] {
    return this.#balls;
  }

  /** The frame of its hand: between the finger tips, z along the fingers. */
  get hand(): Matrix4 {
    return this.#arm.tcp.matrixWorld;
  }

  /** @param marked shows that the hand can be taken, or is */
  markHand(marked: boolean): void {
    if (!marked && !this.#mark) return;
    if (!this.#mark) {
      const look = { color: 0xffffff, depthTest: false, transparent: true, opacity: 0.9 };
      this.#mark = new Mesh(new SphereGeometry(MARK_RADIUS, 24, 16), new MeshBasicMaterial(look));
      this.#mark.renderOrder = 30;
      this.#arm.tcp.add(this.#mark);
    }
    this.#mark.visible = marked;
  }

  /** Its objects lie nowhere until the next frame. */
  setScene({ obstacles, objects }: TaskScene): void {
    for (const each of [...this.#balls, ...this.#posts]) {
      this.object.remove(each.object);
      each.dispose();
    }
    const { wardrobe, square, softDisc } = this.#shared;
    this.#balls = objects.map(({ radius, colour }) => {
      const finish = this.#shared.ballFinish(colour);
      return new Ball(radius, colour, finish, this.#shared, wardrobe);
    });
    this.#posts = obstacles.map(
      (obstacle) => new Post(obstacle, this.#shared.post(obstacle), square, softDisc),
    );
    this.fan.obstacles = obstacles;
    for (const { object } of [...this.#balls, ...this.#posts]) this.object.add(object);
  }

  /** @param accent sRGB hex of the light rings, and of the trail from here on */
  setAccent(accent: number): void {
    this.#light.color.set(accent);
    this.trail.color.set(accent);
  }

  /** @param paths in the place of the fan; null: the fan again */
  setNoised(paths: NoisedPaths | null): void {
    this.#noised.set(paths);
    this.fan.object.visible = paths === null;
  }

  setStrands(strands: readonly Strand[]): void {
    if (strands.length === 0 && !this.#strands) return;
    if (!this.#strands) {
      this.#strands = new Strands(this.#shared.lineUniforms);
      this.object.add(this.#strands.object);
    }
    this.#strands.set(strands);
  }

  setRegions(regions: readonly Region[]): void {
    if (regions.length === 0 && !this.#regions) return;
    if (!this.#regions) {
      this.#regions = new Regions(this.#shared.lineUniforms);
      this.object.add(this.#regions.object);
    }
    this.#regions.set(regions);
  }

  /** @param held index of the object that follows the pointer instead of the frame, or −1 */
  setFrame(frame: SceneFrame, held: number, now: number): void {
    const { joints, opening, objects, contact, success } = frame;
    this.#arm.pose(joints, opening);
    const tcp = this.#arm.tcp.matrixWorld.elements;
    this.trail.extend(tcp[12], tcp[13], tcp[14]);
    const balls = this.#balls;
    let nearest = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < balls.length; i++) {
      const at = objects[i];
      if (!at) continue;
      if (i !== held) balls[i].place(at[0], at[1], at[2]);
      const distance = Math.hypot(at[0] - tcp[12], at[1] - tcp[13], at[2] - tcp[14]);
      if (distance < smallest) {
        smallest = distance;
        nearest = i;
      }
    }
    // What succeeded is the object in the hand.
    for (let i = 0; i < balls.length; i++) balls[i].setSuccess(success && i === nearest, now);
    for (const post of this.#posts) post.setTouched(contact, now);
  }

  /** Advances pulses. @returns whether any is still running */
  animate(now: number, reducedMotion: boolean): boolean {
    let moving = false;
    for (const each of [...this.#posts, ...this.#balls]) {
      moving = each.animate(now, reducedMotion) || moving;
    }
    return moving;
  }

  dispose(): void {
    this.fan.dispose();
    this.#noised.dispose();
    this.trail.dispose();
    this.#strands?.dispose();
    this.#regions?.dispose();
    this.#mark?.geometry.dispose();
    this.#mark?.material.dispose();
    this.#light.dispose();
    for (const each of [...this.#posts, ...this.#balls]) each.dispose();
  }
}
