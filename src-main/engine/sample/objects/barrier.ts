// Barriers along plots: walls of brick, stone and concrete; fences of bars, planks and wire.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { fractalNoise, hashUnit, smoothStep } from "../noise.ts";
import { type Color, type Cover, colorFromHex, glossy, LABEL, matte, type Surface } from "../surface.ts";

const BRICKS = [0x8c4f3d, 0x9b6149, 0x7d5547].map(colorFromHex);
const STONES = [0x8f8b80, 0xa39a88, 0x7f7d79].map(colorFromHex);
const FENCE_PAINTS = [0x2f3a33, 0x33363a, 0x5b4a3a, 0x70604c, 0x8a8d8f, 0xd6d6d0].map(colorFromHex);

function wallSurface(kind: "brick" | "stone" | "concrete", color: Color, seed: number): Surface {
  const [rowHeight, brickWidth] = kind === "brick" ? [0.11, 0.3] : kind === "stone" ? [0.34, 0.62] : [9, 2.4];
  return {
    label: LABEL.wall,
    shade(point) {
      const row = Math.floor(point.v / rowHeight);
      const column = point.u / brickWidth + (row % 2) * 0.47;
      const tone = hashUnit(Math.floor(column), row, seed) - 0.5;
      const inRow = (point.v / rowHeight - row) * rowHeight;
      const inColumn = (column - Math.floor(column)) * brickWidth;
      const visible = 1 - smoothStep(0.02, 0.1, point.footprint);
      const isJoint = Math.min(inRow, inColumn) < 0.022;
      const moss =
        smoothStep(0.55, 0.75, fractalNoise(point.u * 0.8, point.v * 1.5, 3, seed + 1)) * smoothStep(1.2, 0, point.v);
      const blotches = 0.45 * (fractalNoise(point.u * 0.7, point.v * 0.7, 3, seed) - 0.5);
      const brightness = 1 + blotches + visible * (isJoint ? -0.35 : 0.45 * tone);
      point.paint([color[0] * (1 - 0.4 * moss), color[1], color[2] * (1 - 0.4 * moss)], brightness * (1 - 0.3 * moss));
    },
  };
}

/** A free-standing wall between two points of the ground. */
export function addWall(scene: SceneGeometry, from: Vec3, to: Vec3, height: number, random: Random): void {
  const seed = random.integer(1 << 20);
  const kind = random.pick(["brick", "stone", "concrete"] as const);
  const color = kind === "brick" ? random.pick(BRICKS) : random.pick(STONES);
  const { frame, length } = frameAlong(scene, from, to);
  const wall = wallSurface(kind, color, seed);
  frame.box(wall, [-0.15, 0, 0], [0.15, height, length]);
  frame.box(matte(LABEL.wall, [0.3, 0.29, 0.27], seed, 0.3), [-0.22, height, 0], [0.22, height + 0.1, length]);
  frame.contactShadow(0.4, length / 2, 0.5, [0, 0, length / 2]);
}

/** An object frame at `from` that faces `to`. */
function frameAlong(scene: SceneGeometry, from: Vec3, to: Vec3): { frame: ObjectFrame; length: number } {
  const [dx, dz] = [to[0] - from[0], to[2] - from[2]];
  return { frame: new ObjectFrame(scene, from, Math.atan2(dx, dz)), length: Math.hypot(dx, dz) };
}

function fenceSurface(kind: "bars" | "planks" | "wire", color: Color, height: number, seed: number): Surface {
  const covers: Record<typeof kind, (u: number, v: number) => Cover> = {
    bars(u, v) {
      const isRail = Math.abs(v - 0.15) < 0.035 || Math.abs(v - height + 0.15) < 0.035;
      return isRail || u / 0.14 - Math.floor(u / 0.14) < 0.3 ? "solid" : "hole";
    },
    planks: (u, v) => {
      const plank = Math.floor(u / 0.13);
      if (v > height - 0.07 * hashUnit(plank, 1, seed)) return "nothing";
      return u / 0.13 - plank < 0.88 ? "solid" : "hole";
    },
    wire(u, v) {
      const [a, b] = [(u + v) / 0.12, (u - v) / 0.12];
      return a - Math.floor(a) < 0.2 || b - Math.floor(b) < 0.2 || v > height - 0.05 ? "solid" : "hole";
    },
  };
  return {
    label: LABEL.fence,
    cover: covers[kind],
    shade(point) {
      const plank = hashUnit(Math.floor(point.u / 0.13), 2, seed) - 0.5;
      const wood =
        kind === "planks" ? 0.4 * plank + 0.4 * (fractalNoise(point.u * 14, point.v * 1.5, 2, seed) - 0.5) : 0;
      point.paint(color, 1 + wood);
      point.gloss = kind === "planks" ? 0 : 0.06;
    },
  };
}

/** A fence with posts between two points of the ground. */
export function addFence(scene: SceneGeometry, from: Vec3, to: Vec3, height: number, random: Random): void {
  const seed = random.integer(1 << 20);
  const kind = random.pick(["bars", "bars", "planks", "wire"] as const);
  const color = kind === "wire" ? colorFromHex(0x8a8d8f) : random.pick(FENCE_PAINTS);
  const { frame, length } = frameAlong(scene, from, to);
  const surface = fenceSurface(kind, color, height, seed);
  frame.quad(surface, [0, 0, 0], [0, 0, length], [0, height, length], [0, height, 0]);
  const post = glossy(LABEL.fence, color, 0.05);
  for (let z = 0; z <= length + 0.01; z += 2.4) frame.cone(post, [0, 0, z], [0, height + 0.06, z], 0.045);
  frame.contactShadow(0.25, length / 2, 0.22, [0, 0, length / 2]);
}

/** A metal guard rail along a road's edge, which is a fence to annotators when it stands between road and sidewalk. */
export function addRailing(scene: SceneGeometry, from: Vec3, to: Vec3): void {
  const { frame, length } = frameAlong(scene, from, to);
  const metal = glossy(LABEL.fence, colorFromHex(0x6f777c), 0.14);
  const surface = fenceSurface("bars", colorFromHex(0x6f777c), 1, 1);
  frame.quad(surface, [0, 0.1, 0], [0, 0.1, length], [0, 1, length], [0, 1, 0]);
  frame.cone(metal, [0, 1.02, 0], [0, 1.02, length], 0.04);
  for (let z = 0; z <= length + 0.01; z += 2) frame.cone(metal, [0, 0, z], [0, 1.02, z], 0.04);
}
