// Plants: trees with trunks and leaf clumps, conifers, bushes, hedges.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { fractalNoise, smoothStep } from "../noise.ts";
import { type Color, colorFromHex, LABEL, matte, type Surface } from "../surface.ts";

const LEAF_COLORS = [0x4c6b2c, 0x5b7a33, 0x3f5c2b, 0x6c8038, 0x557a40, 0x7d8638, 0x47652f].map(colorFromHex);
const BARK_COLORS = [0x5d5145, 0x6d6257, 0x4b4038].map(colorFromHex);

/** Leaves lit from above: `middleY` and `reach` are the crown's, so that its lower inside is darker. */
function leaves(color: Color, seed: number, middleY: number, reach: number): Surface {
  return {
    label: LABEL.vegetation,
    shade(point) {
      const visible = 1 - smoothStep(0.03, 0.16, point.footprint);
      const masses = fractalNoise(point.u * 1.6, point.v * 1.6, 3, seed) - 0.5;
      const leaf = visible * (fractalNoise(point.u * 9, point.v * 9, 2, seed + 5) - 0.5) * 1.5;
      const height = Math.min(1, Math.max(-1, (point.y - middleY) / reach));
      const brightness = (1 + 0.45 * height) * Math.max(0.12, 0.96 + 1.5 * masses + 1.6 * leaf);
      const yellow = 1 + 0.25 * masses;
      point.paint([color[0] * yellow, color[1], color[2]], brightness);
      // Leaves face every way: bend the clump's normal by what the noise says.
      point.nx += 1.5 * leaf;
      point.ny += 0.5 + 0.8 * masses;
      const size = Math.hypot(point.nx, point.ny, point.nz) || 1;
      point.nx /= size;
      point.ny /= size;
      point.nz /= size;
    },
  };
}

/** A broad-leaved tree about `height` metres high. `detail` 0..1 sets how many clumps it gets. */
export function addTree(scene: SceneGeometry, at: Vec3, height: number, detail: number, random: Random): void {
  const frame = new ObjectFrame(scene, at, random.uniform(0, 6.28));
  const seed = random.integer(1 << 20);
  const bark = matte(LABEL.vegetation, random.pick(BARK_COLORS), seed, 0.5, 9);
  const trunkRadius = height * random.uniform(0.017, 0.026);
  const crownLow = height * random.uniform(0.28, 0.36);
  const middleY = (height + crownLow) / 2;
  const reachY = (height - crownLow) / 2;
  const reach = Math.min(reachY * random.uniform(0.72, 0.95), 3.2);
  const lean = random.uniform(-0.25, 0.25);
  frame.cone(bark, [0, -0.05, 0], [lean * 0.5, crownLow, 0], trunkRadius * 1.15, trunkRadius);
  frame.cone(bark, [lean * 0.5, crownLow, 0], [lean, middleY + reachY * 0.4, 0], trunkRadius, trunkRadius * 0.5);
  for (let i = 0; i < 4; i++) {
    const angle = i * 1.7 + random.uniform(0, 1);
    const tip: Vec3 = [
      Math.cos(angle) * reach * 0.7,
      middleY + random.uniform(-0.2, 0.4) * reachY,
      Math.sin(angle) * reach * 0.7,
    ];
    frame.cone(bark, [lean * 0.5, crownLow * random.uniform(0.85, 1.1), 0], tip, trunkRadius * 0.55, trunkRadius * 0.2);
  }
  const surface = leaves(random.pick(LEAF_COLORS), seed, at[1] + middleY, reachY);
  const count = Math.round(16 + 56 * detail);
  for (let i = 0; i < count; i++) {
    // Evenly over a ball's shell, by the golden angle.
    const up = 1 - (2 * (i + 0.5)) / count;
    const flat = Math.sqrt(1 - up * up);
    const angle = i * 2.39996 + random.uniform(-0.3, 0.3);
    const shell = random.uniform(0.5, 0.88);
    const center: Vec3 = [
      lean + Math.cos(angle) * flat * reach * shell,
      middleY + up * reachY * shell,
      Math.sin(angle) * flat * reach * shell,
    ];
    frame.clump(surface, center, reach * random.uniform(0.26, 0.44) * (1.25 - 0.25 * detail), 1.1, seed + i);
  }
  frame.contactShadow(reach * 0.55, reach * 0.55, 0.28);
}

/** A conifer: tiers of clumps that narrow upwards. */
export function addConifer(scene: SceneGeometry, at: Vec3, height: number, random: Random): void {
  const frame = new ObjectFrame(scene, at);
  const seed = random.integer(1 << 20);
  frame.cone(
    matte(LABEL.vegetation, colorFromHex(0x4b4038), seed, 0.4),
    [0, 0, 0],
    [0, height * 0.9, 0],
    height * 0.02,
    0.03,
  );
  const surface = leaves(colorFromHex(0x33502f), seed, at[1] + height * 0.55, height * 0.5);
  const tiers = 9;
  for (let tier = 0; tier < tiers; tier++) {
    const y = height * (0.18 + (0.8 * tier) / tiers);
    const reach = height * 0.2 * (1 - tier / tiers) + 0.12;
    for (let i = 0; i < 5; i++) {
      const angle = i * 1.2566 + tier * 0.7;
      frame.clump(
        surface,
        [Math.cos(angle) * reach * 0.6, y, Math.sin(angle) * reach * 0.6],
        reach * 0.75 + 0.15,
        0.9,
        seed + tier * 8 + i,
      );
    }
  }
  frame.contactShadow(height * 0.12, height * 0.12, 0.3);
}

/** A round bush. */
export function addBush(scene: SceneGeometry, at: Vec3, size: number, random: Random): void {
  const frame = new ObjectFrame(scene, at);
  const seed = random.integer(1 << 20);
  const surface = leaves(random.pick(LEAF_COLORS), seed, at[1] + size * 0.5, size * 0.7);
  for (let i = 0; i < 7; i++) {
    const angle = i * 2.4;
    const away = i === 0 ? 0 : size * 0.45;
    frame.clump(
      surface,
      [Math.cos(angle) * away, size * random.uniform(0.35, 0.6), Math.sin(angle) * away],
      size * 0.48,
      0.7,
      seed + i,
    );
  }
  frame.contactShadow(size * 0.7, size * 0.7, 0.5);
}

/** A clipped hedge between two points on the ground. */
export function addHedge(scene: SceneGeometry, from: Vec3, to: Vec3, height: number, random: Random): void {
  const frame = new ObjectFrame(scene, [0, 0, 0]);
  const seed = random.integer(1 << 20);
  const surface = leaves(random.pick(LEAF_COLORS), seed, from[1] + height * 0.55, height * 0.6);
  const length = Math.hypot(to[0] - from[0], to[2] - from[2]);
  const steps = Math.max(2, Math.round(length / (height * 0.42)));
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const [x, z] = [from[0] + (to[0] - from[0]) * t, from[2] + (to[2] - from[2]) * t];
    frame.clump(surface, [x, from[1] + height * 0.32, z], height * 0.42, 0.35, seed + 2 * i);
    frame.clump(surface, [x, from[1] + height * 0.68, z], height * 0.4, 0.4, seed + 2 * i + 1);
  }
}
