// Bicycles and motorcycles, parked or ridden.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { colorFromHex, glossy, LABEL, luminous, matte, type Surface } from "../surface.ts";
import { addRider } from "./person.ts";

const FRAME_PAINTS = [0x8c1f24, 0x1f4a80, 0x202226, 0xd8d8d4, 0x2f6f55, 0xd08a2a, 0x7fa6b8].map(colorFromHex);
const MOTOR_PAINTS = [0xa31d20, 0x1c1d20, 0x234f8f, 0xd77f22, 0x3b6b3f, 0xc9ccce].map(colorFromHex);
const TYRE_BICYCLE = matte(LABEL.bicycle, [0.012, 0.012, 0.012]);
const TYRE_MOTORCYCLE = matte(LABEL.motorcycle, [0.012, 0.012, 0.012]);
const STEEL = glossy(LABEL.motorcycle, colorFromHex(0x9a9da0), 0.3);
const BLACK_SEAT = matte(LABEL.motorcycle, [0.015, 0.014, 0.013]);

/** Spokes are thin; annotators paint the whole wheel as bicycle. u and v run from -1 to 1. */
const SPOKES: Surface = {
  label: LABEL.bicycle,
  cover(u, v) {
    const angle = (Math.atan2(v, u) / (2 * Math.PI)) * 14;
    return Math.abs(angle - Math.round(angle)) * Math.hypot(u, v) < 0.07 ? "solid" : "hole";
  },
  shade(point) {
    point.paint([0.28, 0.28, 0.29]);
    point.gloss = 0.1;
  },
};

function addTyre(
  frame: ObjectFrame,
  surface: Surface,
  y: number,
  z: number,
  radius: number,
  thickness: number,
  x = 0,
): void {
  const sides = 14;
  const at = (i: number): Vec3 => {
    const angle = (i / sides) * 2 * Math.PI;
    return [x, y + Math.sin(angle) * radius, z + Math.cos(angle) * radius];
  };
  for (let i = 0; i < sides; i++) frame.cone(surface, at(i), at(i + 1), thickness);
}

/** A bicycle that faces `heading`, with a rider or leaning on nothing. */
export function addBicycle(scene: SceneGeometry, at: Vec3, heading: number, isRidden: boolean, random: Random): void {
  const frame = new ObjectFrame(scene, at, heading);
  const tube = glossy(LABEL.bicycle, random.pick(FRAME_PAINTS), 0.12);
  const dark = matte(LABEL.bicycle, [0.015, 0.015, 0.016]);
  const radius = 0.34;
  const [rear, front] = [-0.53, 0.53];
  for (const z of [rear, front]) {
    addTyre(frame, TYRE_BICYCLE, radius, z, radius - 0.025, 0.028);
    frame.disc(SPOKES, [0, radius, z], radius - 0.03, "x", 16);
  }
  const [crank, seat, head]: readonly Vec3[] & { 0: Vec3; 1: Vec3; 2: Vec3 } = [
    [0, 0.3, -0.05],
    [0, 0.82, -0.2],
    [0, 0.84, 0.36],
  ];
  for (const [from, to] of [
    [crank, seat],
    [crank, head],
    [
      [0, 0.76, -0.18],
      [0, 0.78, 0.35],
    ],
    [crank, [0, radius, rear]],
    [seat, [0, radius, rear]],
    [head, [0, radius, front]],
  ] as const) {
    frame.cone(tube, from, to, 0.026);
  }
  frame.cone(dark, [0, 0.82, -0.2], [0, 0.95, -0.23], 0.02);
  frame.cone(dark, [0, 0.96, -0.34], [0, 0.96, -0.1], 0.06, 0.035);
  frame.cone(tube, head, [0, 1.02, 0.32], 0.022);
  frame.cone(dark, [-0.27, 1.04, 0.3], [0.27, 1.04, 0.3], 0.024);
  frame.cone(dark, [0, 0.3, -0.05], [0.12, 0.16, 0.02], 0.018);
  if (random.next() < 0.4)
    frame.box(matte(LABEL.bicycle, [0.15, 0.09, 0.05], 2, 0.5, 20), [-0.18, 0.86, 0.42], [0.18, 1.08, 0.68]);
  const red = luminous(LABEL.bicycle, [1, 0.04, 0.02], 0.05, isRidden ? 4 : 0);
  frame.cone(red, [0, 0.7, -0.58], [0, 0.72, -0.58], 0.035);
  if (isRidden) {
    const legDown = random.next() < 0.5 ? -1 : 1;
    addRider(
      frame,
      {
        hip: [0, 1.0, -0.2],
        shoulder: [0, 1.5, 0.06],
        hand: [0, 1.06, 0.29],
        leftFoot: [-0.12, 0.3 - legDown * 0.15, 0],
        rightFoot: [0.12, 0.3 + legDown * 0.15, 0],
      },
      false,
      random,
    );
  }
  frame.contactShadow(0.16, 0.8, 0.5);
}

/** A motorcycle or scooter that faces `heading`, with or without its rider. */
export function addMotorcycle(
  scene: SceneGeometry,
  at: Vec3,
  heading: number,
  isRidden: boolean,
  random: Random,
): void {
  const frame = new ObjectFrame(scene, at, heading);
  const paint = glossy(LABEL.motorcycle, random.pick(MOTOR_PAINTS), 0.25);
  const isScooter = random.next() < 0.35;
  const radius = isScooter ? 0.24 : 0.31;
  const [rear, front] = [-0.68, 0.72];
  for (const z of [rear, front]) {
    addTyre(frame, TYRE_MOTORCYCLE, radius, z, radius - 0.06, 0.075);
    frame.disc(STEEL, [0.02, radius, z], radius * 0.6, "x", 10);
    frame.disc(STEEL, [-0.02, radius, z], radius * 0.6, "x", 10);
  }
  frame.cone(STEEL, [0.08, radius, front], [0.08, 0.92, 0.45], 0.035);
  frame.cone(STEEL, [-0.08, radius, front], [-0.08, 0.92, 0.45], 0.035);
  frame.cone(paint, [0, radius + 0.3, front - 0.2], [0, radius + 0.28, front + 0.15], 0.08, 0.06);
  if (isScooter) addScooterBody(frame, paint);
  else addMotorBody(frame, paint);
  frame.cone(BLACK_SEAT, [-0.36, 1.03, 0.42], [0.36, 1.03, 0.42], 0.03);
  const white = luminous(LABEL.motorcycle, [1, 0.95, 0.85], 0.4, isRidden ? 18 : 0.02);
  frame.cone(white, [0, 0.88, 0.58], [0, 0.88, 0.62], 0.1);
  const red = luminous(LABEL.motorcycle, [1, 0.03, 0.02], 0.15, isRidden ? 4 : 0.02);
  frame.cone(red, [-0.07, 0.78, -0.86], [0.07, 0.78, -0.86], 0.06);
  for (const s of [-1, 1]) frame.cone(BLACK_SEAT, [s * 0.3, 1.05, 0.42], [s * 0.34, 1.2, 0.44], 0.02, 0.055);
  if (isRidden) {
    addRider(
      frame,
      {
        hip: [0, 0.92, -0.22],
        shoulder: [0, 1.44, 0.02],
        hand: [0, 1.06, 0.4],
        leftFoot: [-0.2, 0.33, -0.05],
        rightFoot: [0.2, 0.33, -0.05],
      },
      true,
      random,
    );
  }
  frame.contactShadow(0.26, 0.98, 0.7);
}

function addMotorBody(frame: ObjectFrame, paint: Surface): void {
  frame.cone(STEEL, [0, 0.42, 0.16], [0, 0.45, -0.2], 0.2, 0.19);
  frame.cone(paint, [0, 0.82, 0.3], [0, 0.8, -0.05], 0.17, 0.14);
  frame.cone(BLACK_SEAT, [0, 0.8, -0.1], [0, 0.84, -0.7], 0.13, 0.11);
  frame.cone(paint, [0, 0.74, -0.4], [0, 0.82, -0.84], 0.1, 0.07);
  frame.cone(paint, [0, 0.85, 0.45], [0, 0.95, 0.5], 0.14, 0.12);
  frame.cone(STEEL, [0.17, 0.3, 0.1], [0.19, 0.36, -0.75], 0.055, 0.075);
  frame.cone(BLACK_SEAT, [0, 0.4, -0.1], [0, 0.31, -0.68], 0.08);
}

function addScooterBody(frame: ObjectFrame, paint: Surface): void {
  frame.cone(paint, [0, 0.3, 0.4], [0, 0.95, 0.46], 0.17, 0.12);
  frame.cone(paint, [0, 0.27, 0.35], [0, 0.27, -0.2], 0.13, 0.14);
  frame.cone(paint, [0, 0.45, -0.3], [0, 0.58, -0.78], 0.22, 0.17);
  frame.cone(BLACK_SEAT, [0, 0.76, -0.15], [0, 0.8, -0.72], 0.13, 0.12);
}
