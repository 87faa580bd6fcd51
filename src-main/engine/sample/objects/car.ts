// Cars: a lofted body, a tapered cabin with windows, wheels, lights; saloons, hatchbacks, estates, off-roaders and vans.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { hashUnit } from "../noise.ts";
import {
  type Color,
  colorFromHex,
  glass,
  glossy,
  LABEL,
  luminous,
  matte,
  type ShadePoint,
  type Surface,
} from "../surface.ts";
import { addWheel } from "./wheel.ts";

const PAINTS = [
  0xb8bcc0, 0x8c9196, 0x1d1f22, 0x2c2f33, 0xe3e4e2, 0xeeeeec, 0x7a1a1c, 0x9c2320, 0x1f3a63, 0x2b5386, 0x3e5a4a,
  0x8a7a62, 0x55606a, 0xb07a2a, 0x6b2f3a, 0x4c7a9b,
].map(colorFromHex);

/** A car's measures, in metres; places along it are shares of the length from the middle. */
interface CarShape {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly hood: number;
  readonly belt: number;
  readonly trunk: number;
  /** Cabin from rear to front: where its window line and its roof begin and end. */
  readonly beltRear: number;
  readonly beltFront: number;
  readonly roofRear: number;
  readonly roofFront: number;
  readonly wheelRadius: number;
}

const SHAPES: readonly CarShape[] = [
  {
    length: 4.6,
    width: 1.84,
    height: 1.46,
    hood: 0.86,
    belt: 0.98,
    trunk: 0.98,
    beltRear: -0.36,
    beltFront: 0.24,
    roofRear: -0.2,
    roofFront: 0.06,
    wheelRadius: 0.33,
  },
  {
    length: 4.1,
    width: 1.78,
    height: 1.5,
    hood: 0.86,
    belt: 0.97,
    trunk: 0.95,
    beltRear: -0.48,
    beltFront: 0.26,
    roofRear: -0.36,
    roofFront: 0.08,
    wheelRadius: 0.32,
  },
  {
    length: 4.7,
    width: 1.84,
    height: 1.5,
    hood: 0.86,
    belt: 0.98,
    trunk: 0.98,
    beltRear: -0.485,
    beltFront: 0.24,
    roofRear: -0.41,
    roofFront: 0.07,
    wheelRadius: 0.33,
  },
  {
    length: 4.5,
    width: 1.92,
    height: 1.72,
    hood: 1.04,
    belt: 1.14,
    trunk: 1.1,
    beltRear: -0.485,
    beltFront: 0.25,
    roofRear: -0.41,
    roofFront: 0.09,
    wheelRadius: 0.38,
  },
  {
    length: 4.9,
    width: 1.95,
    height: 1.98,
    hood: 1.1,
    belt: 1.2,
    trunk: 1.2,
    beltRear: -0.495,
    beltFront: 0.34,
    roofRear: -0.485,
    roofFront: 0.2,
    wheelRadius: 0.34,
  },
  {
    length: 3.6,
    width: 1.68,
    height: 1.52,
    hood: 0.9,
    belt: 1,
    trunk: 1,
    beltRear: -0.485,
    beltFront: 0.3,
    roofRear: -0.4,
    roofFront: 0.12,
    wheelRadius: 0.29,
  },
];

/** What a car's lamps do at night. */
export type CarLights = "driving" | "parked";

/** Builds a car that stands at `at` and faces `heading`. Returns its length in metres. */
export function addCar(scene: SceneGeometry, at: Vec3, heading: number, lights: CarLights, random: Random): number {
  const shape = random.pick(SHAPES);
  const paint = random.pick(PAINTS);
  const frame = new ObjectFrame(scene, at, heading);
  const seed = random.integer(1 << 16);
  addBody(frame, shape, glossy(LABEL.car, paint, 0.2), paint, lights, seed);
  addCabin(frame, shape, paint);
  const track = shape.width / 2 - 0.02;
  for (const z of [-0.3 * shape.length, 0.31 * shape.length]) {
    for (const side of [-1, 1] as const)
      addWheel(frame, LABEL.car, [side * track, shape.wheelRadius, z], shape.wheelRadius, side, true);
  }
  const mirror = glossy(LABEL.car, paint, 0.2);
  for (const side of [-1, 1]) {
    const x = side * (shape.width / 2 + 0.06);
    const z = (shape.beltFront - 0.07) * shape.length;
    frame.cone(mirror, [x - 0.05, shape.belt + 0.08, z], [x + 0.05, shape.belt + 0.08, z], 0.075);
  }
  frame.contactShadow(shape.width * 0.52, shape.length * 0.51, 0.85);
  if (lights === "driving") addBeams(frame, shape);
  return shape.length;
}

function addBeams(frame: ObjectFrame, shape: CarShape): void {
  const front = shape.length / 2;
  frame.lamp([0, 0.65, front + 0.1], [30, 28, 23], 26, [0, -0.09, 1]);
  frame.lamp([0, 0.8, -front - 0.1], [1.6, 0.08, 0.05], 5);
}

/** The body's outline at a place along the car. */
interface Station {
  readonly z: number;
  readonly half: number;
  readonly low: number;
  readonly top: number;
}

function bodyStations(shape: CarShape): Station[] {
  const { length: l, width, hood, belt, trunk } = shape;
  const half = width / 2;
  return [
    { z: -0.5 * l, half: half * 0.87, low: 0.34, top: trunk - 0.06 },
    { z: -0.47 * l, half: half * 0.95, low: 0.26, top: trunk },
    { z: shape.beltRear * l, half, low: 0.22, top: trunk },
    { z: 0, half, low: 0.22, top: belt },
    { z: shape.beltFront * l, half, low: 0.22, top: belt },
    { z: 0.42 * l, half: half * 0.97, low: 0.22, top: hood },
    { z: 0.475 * l, half: half * 0.9, low: 0.24, top: hood - 0.1 },
    { z: 0.5 * l, half: half * 0.78, low: 0.28, top: hood - 0.22 },
  ].sort((a, b) => a.z - b.z);
}

function addBody(
  frame: ObjectFrame,
  shape: CarShape,
  paint: Surface,
  color: Color,
  lights: CarLights,
  seed: number,
): void {
  const stations = bodyStations(shape);
  const side = bodySide(color, shape);
  const sillColor = matte(LABEL.car, [0.012, 0.012, 0.013]);
  stations.slice(0, -1).forEach((a, i) => {
    const b = stations[i + 1];
    if (!b) return;
    for (const s of [-1, 1]) {
      // Three strips: a dark sill, the flank, and a shoulder that leans in and catches the sky.
      const shoulderA = a.low + (a.top - a.low) * 0.66;
      const shoulderB = b.low + (b.top - b.low) * 0.66;
      frame.quad(
        sillColor,
        [s * a.half * 0.94, a.low, a.z],
        [s * b.half * 0.94, b.low, b.z],
        [s * b.half, b.low + 0.12, b.z],
        [s * a.half, a.low + 0.12, a.z],
      );
      frame.polygon(
        side,
        [
          [s * a.half, a.low + 0.12, a.z],
          [s * b.half, b.low + 0.12, b.z],
          [s * b.half, shoulderB, b.z],
          [s * a.half, shoulderA, a.z],
        ],
        [
          [a.z, a.low + 0.12],
          [b.z, b.low + 0.12],
          [b.z, shoulderB],
          [a.z, shoulderA],
        ],
      );
      frame.polygon(
        side,
        [
          [s * a.half, shoulderA, a.z],
          [s * b.half, shoulderB, b.z],
          [s * (b.half - 0.07), b.top, b.z],
          [s * (a.half - 0.07), a.top, a.z],
        ],
        [
          [a.z, shoulderA],
          [b.z, shoulderB],
          [b.z, b.top],
          [a.z, a.top],
        ],
      );
    }
    frame.quad(
      paint,
      [-a.half + 0.07, a.top, a.z],
      [a.half - 0.07, a.top, a.z],
      [b.half - 0.07, b.top, b.z],
      [-b.half + 0.07, b.top, b.z],
    );
  });
  const [rear, front] = [stations[0], stations[stations.length - 1]];
  if (!rear || !front) return;
  frame.unitQuad(
    endFace("rear", color, lights, seed),
    [-rear.half, rear.low, rear.z],
    [rear.half, rear.low, rear.z],
    [rear.half - 0.05, rear.top, rear.z],
    [-rear.half + 0.05, rear.top, rear.z],
  );
  frame.unitQuad(
    endFace("front", color, lights, seed),
    [front.half, front.low, front.z],
    [-front.half, front.low, front.z],
    [-front.half + 0.02, front.top, front.z],
    [front.half - 0.02, front.top, front.z],
  );
  addCornerLamps(frame, shape, front, rear, lights);
}

/** Lamps that reach around the corners, so that they show from the side too. */
function addCornerLamps(frame: ObjectFrame, shape: CarShape, front: Station, rear: Station, lights: CarLights): void {
  const isDriving = lights === "driving";
  const white = luminous(LABEL.car, [1, 0.96, 0.86], 0.25, isDriving ? 20 : 0.02);
  const red = luminous(LABEL.car, [0.9, 0.03, 0.02], 0.12, isDriving ? 3.2 : 0.02);
  for (const s of [-1, 1]) {
    const y = front.top - 0.04;
    frame.cone(
      white,
      [s * (front.half - 0.16), y, front.z - 0.02],
      [s * (front.half + 0.02), y + 0.03, front.z - 0.08],
      0.085,
      0.07,
    );
    const top = rear.top - 0.1;
    frame.cone(
      red,
      [s * (rear.half - 0.1), top - 0.16, rear.z + 0.03],
      [s * (rear.half - 0.1), top, rear.z + 0.03],
      0.075,
    );
  }
  if (shape.height > 1.8)
    frame.cone(red, [-0.2, shape.height - 0.08, rear.z + 0.1], [0.2, shape.height - 0.08, rear.z + 0.1], 0.03);
}

/** Flanks: u is the place along the car, v the height. Doors and wheel arches are drawn on. */
function bodySide(color: Color, shape: CarShape): Surface {
  const { length: l, wheelRadius } = shape;
  const doors = [0.2 * l, -0.02 * l, -0.24 * l];
  return {
    label: LABEL.car,
    shade(point) {
      point.paint(color, 0.96);
      point.gloss = 0.17;
      for (const axle of [-0.3 * l, 0.31 * l]) {
        if (Math.hypot(point.u - axle, point.v - wheelRadius) < wheelRadius * 1.16) {
          point.paint([0.006, 0.006, 0.006]);
          point.gloss = 0;
          return;
        }
      }
      if (point.footprint > 0.05) return;
      const isDoorLine = doors.some((door) => Math.abs(point.u - door) < 0.012);
      const isHandle =
        Math.abs(point.v - 0.84) < 0.02 &&
        doors.slice(1).some((door) => point.u > door + 0.06 && point.u < door + 0.22);
      if (isDoorLine || isHandle) point.paint(color, 0.35);
    },
  };
}

/** The front or rear face: u from 0 to 1 across, v from 0 to 1 up. */
function endFace(end: "front" | "rear", color: Color, lights: CarLights, seed: number): Surface {
  return {
    label: LABEL.car,
    shade(point) {
      point.paint(color, 0.92);
      point.gloss = 0.15;
      if (end === "front") shadeFront(point, seed);
      else shadeRear(point, lights, seed);
    },
  };
}

function shadePlate(point: ShadePoint, low: number, high: number, seed: number): void {
  if (Math.abs(point.u - 0.5) > 0.16 || point.v < low || point.v > high) return;
  const isInk = hashUnit(Math.floor(point.u * 55), 1, seed) < 0.5 && point.v > low + 0.03 && point.v < high - 0.03;
  point.paint(isInk && point.footprint < 0.03 ? [0.02, 0.02, 0.02] : [0.75, 0.75, 0.7]);
  point.gloss = 0;
}

function shadeFront(point: ShadePoint, seed: number): void {
  const across = Math.abs(point.u - 0.5);
  const isGrille = across < 0.3 && point.v > 0.62 && point.v < 0.92;
  const isIntake = across < 0.42 && point.v > 0.08 && point.v < 0.34;
  if (isGrille || isIntake) {
    const bars = (point.v * 14) % 1 < 0.35 ? 0.05 : 0.008;
    point.paint([bars, bars, bars]);
    point.gloss = 0.05;
  }
  shadePlate(point, 0.4, 0.56, seed);
}

function shadeRear(point: ShadePoint, lights: CarLights, seed: number): void {
  const across = Math.abs(point.u - 0.5);
  if (point.v < 0.22) point.paint([0.015, 0.015, 0.016]);
  if (across > 0.34 && point.v > 0.58 && point.v < 0.86) {
    point.paint([0.35, 0.012, 0.012]);
    point.gloss = 0.12;
    point.glow([1, 0.03, 0.02], 0.08 + (lights === "driving" ? 3 : 0.03) * point.darkness);
  }
  shadePlate(point, 0.5, 0.66, seed);
}

function addCabin(frame: ObjectFrame, shape: CarShape, color: Color): void {
  const { length: l, width, height, belt } = shape;
  const low = width / 2 - 0.09;
  const high = width / 2 - 0.27;
  const [br, bf, rr, rf] = [shape.beltRear * l, shape.beltFront * l, shape.roofRear * l, shape.roofFront * l];
  const roofEdge = height - 0.05;
  const paint = glossy(LABEL.car, color, 0.22);
  const screen = framedGlass(color, 0.05, 0.06);
  frame.unitQuad(screen, [low, belt - 0.02, bf], [-low, belt - 0.02, bf], [-high, roofEdge, rf], [high, roofEdge, rf]);
  frame.unitQuad(
    screen,
    [-low, shape.trunk - 0.02, br],
    [low, shape.trunk - 0.02, br],
    [high, roofEdge, rr],
    [-high, roofEdge, rr],
  );
  for (const s of [-1, 1]) {
    frame.unitQuad(
      sideWindows(color),
      [s * low, belt - 0.02, br],
      [s * low, belt - 0.02, bf],
      [s * high, roofEdge, rf],
      [s * high, roofEdge, rr],
    );
  }
  const mid = (rr + rf) / 2;
  const peak = (z: number): readonly [number, number] => [high - 0.08, z === mid ? height : height - 0.02];
  for (const [z0, z1] of [
    [rr, mid],
    [mid, rf],
  ] as const) {
    const [w0, y0] = z0 === rr ? [high, roofEdge] : peak(z0);
    const [w1, y1] = z1 === rf ? [high, roofEdge] : peak(z1);
    frame.quad(paint, [-w0, y0, z0], [w0, y0, z0], [w1, y1, z1], [-w1, y1, z1]);
    for (const s of [-1, 1])
      frame.quad(paint, [s * high, roofEdge, z0], [s * high, roofEdge, z1], [s * w1, y1, z1], [s * w0, y0, z0]);
  }
}

const PANE = glass(LABEL.car);

/** A window with a painted frame; u and v run from 0 to 1. */
function framedGlass(color: Color, sideRim: number, topRim: number): Surface {
  return {
    label: LABEL.car,
    shade(point) {
      const isFrame = point.u < sideRim || point.u > 1 - sideRim || point.v > 1 - topRim;
      if (!isFrame) {
        PANE.shade(point);
        return;
      }
      point.paint(color, 0.9);
      point.gloss = 0.15;
    },
  };
}

function sideWindows(color: Color): Surface {
  return {
    label: LABEL.car,
    shade(point) {
      const isPillar = point.u < 0.09 || point.u > 0.95 || Math.abs(point.u - 0.36) < 0.028 || point.v > 0.9;
      const isMiddlePillar = Math.abs(point.u - 0.64) < 0.02;
      if (isPillar) {
        point.paint(color, 0.85);
        point.gloss = 0.15;
      } else if (isMiddlePillar) point.paint([0.008, 0.008, 0.008]);
      else PANE.shade(point);
    },
  };
}
