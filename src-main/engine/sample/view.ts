// Views of the world: the camera, its mirror image below the road, and the sun's parallel view for shadows.
import type { Vec3 } from "./geometry.ts";

/** Nothing nearer than this is drawn, in metres. */
export const NEAR_M = 0.25;

/** A view: where it looks from and how its plane maps to samples. */
export interface View {
  readonly perspective: boolean;
  /** The view sees the world upside down through the plane y = 0. */
  readonly mirrored: boolean;
  readonly position: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
  /** Samples per unit of slope (perspective) or per metre (parallel). */
  readonly focal: number;
  readonly centerX: number;
  readonly centerY: number;
  /** In samples. */
  readonly width: number;
  readonly height: number;
}

/** Where the camera stands and looks. */
export interface CameraPose {
  readonly x: number;
  readonly heightM: number;
  /** Radians, positive to the right. */
  readonly yaw: number;
  /** Radians, positive upwards. */
  readonly pitch: number;
  /** Focal length in picture widths (2:1 pictures); 0.8 is about 64 degrees across. */
  readonly focal: number;
}

/**
 * The camera's view.
 *
 * @param samplesPerPixel  2 puts samples at pixel centres (odd indices) and at their borders (even ones), 1 at centres alone
 */
export function createCameraView(pose: CameraPose, width: number, height: number, samplesPerPixel: 1 | 2): View {
  const [sy, cy] = [Math.sin(pose.yaw), Math.cos(pose.yaw)];
  const [sp, cp] = [Math.sin(pose.pitch), Math.cos(pose.pitch)];
  const pixelOrigin = samplesPerPixel === 2 ? 0 : -0.5;
  return {
    perspective: true,
    mirrored: false,
    position: [pose.x, pose.heightM, 0],
    right: [cy, 0, -sy],
    up: [-sy * sp, cp, -cy * sp],
    forward: [sy * cp, sp, cy * cp],
    // Pictures that are not 2:1 keep the wider of the two angles.
    focal: pose.focal * Math.max(width, 2 * height) * samplesPerPixel,
    centerX: (width / 2) * samplesPerPixel + pixelOrigin,
    centerY: (height / 2) * samplesPerPixel + pixelOrigin,
    width: samplesPerPixel === 2 ? 2 * width + 1 : width,
    height: samplesPerPixel === 2 ? 2 * height + 1 : height,
  };
}

/** What the sun sees of the first `reachM` metres of the street: a square of `size` samples. */
export function createSunView(toSun: Vec3, reachM: number, size: number): View {
  const forward: Vec3 = [-toSun[0], -toSun[1], -toSun[2]];
  const flat = Math.hypot(forward[0], forward[2]) || 1;
  const right: Vec3 = [forward[2] / flat, 0, -forward[0] / flat];
  const up: Vec3 = [
    forward[1] * right[2] - forward[2] * right[1],
    forward[2] * right[0] - forward[0] * right[2],
    forward[0] * right[1] - forward[1] * right[0],
  ];
  return {
    perspective: false,
    mirrored: false,
    position: [0, 0, reachM * 0.45],
    right,
    up,
    forward,
    focal: size / (reachM * 1.15),
    centerX: size / 2,
    centerY: size / 2,
    width: size,
    height: size,
  };
}
