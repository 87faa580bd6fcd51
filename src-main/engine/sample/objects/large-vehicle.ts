// Trucks, buses and trams.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { fractalNoise, hashUnit } from "../noise.ts";
import { type Color, colorFromHex, glass, glossy, LABEL, luminous, matte, type Surface } from "../surface.ts";
import { addWheel } from "./wheel.ts";

const CAB_PAINTS = [0xb02a26, 0x2a4f8f, 0xdfe0de, 0x2f6b45, 0xd8a02c, 0x4b5157].map(colorFromHex);
const BOX_PAINTS = [0xe9e8e3, 0xd5d6d4, 0x2f5f97, 0xc7832d, 0x8f2f2c, 0x477a55, 0x9aa0a3].map(colorFromHex);
const BUS_PAINTS = [0xb3201f, 0xd9a520, 0x2d6e9e, 0x3f8a55, 0xd9dad6, 0x7d3b77].map(colorFromHex);
const TRAM_PAINTS = [0xc42a24, 0xe0c233, 0x2c7a5a, 0x2a5ca0, 0xe5e2da].map(colorFromHex);

function addVehicleLamps(
  frame: ObjectFrame,
  label: number,
  half: number,
  front: number,
  rear: number,
  y: number,
  isLit: boolean,
): void {
  const white = luminous(label, [1, 0.95, 0.85], 0.3, isLit ? 20 : 0.02);
  const red = luminous(label, [1, 0.03, 0.02], 0.15, isLit ? 3.2 : 0.02);
  for (const s of [-1, 1]) {
    frame.cone(white, [s * (half - 0.36), y, front], [s * (half - 0.2), y, front], 0.12);
    frame.cone(red, [s * (half - 0.2), y + 0.1, rear], [s * (half - 0.2), y + 0.4, rear], 0.1);
  }
  if (isLit) frame.lamp([0, y, front + 0.2], [28, 26, 22], 26, [0, -0.09, 1]);
}

/** A lorry: cab, box or tarpaulin or open bed, chassis. Returns its length. */
export function addTruck(scene: SceneGeometry, at: Vec3, heading: number, isLit: boolean, random: Random): number {
  const frame = new ObjectFrame(scene, at, heading);
  const seed = random.integer(1 << 16);
  const length = random.uniform(6.4, 8.8);
  const half = 1.2;
  const [front, rear] = [length / 2, -length / 2];
  const cabRear = front - 1.75;
  const boxHeight = random.uniform(3, 3.6);
  const paint = random.pick(CAB_PAINTS);
  const dark = matte(LABEL.truck, [0.02, 0.02, 0.022], seed);
  frame.box(dark, [-0.5, 0.5, rear + 0.2], [0.5, 0.95, front - 0.3]);
  frame.box(dark, [-half, 0.42, front - 0.6], [half, 0.75, front - 0.02]);
  const body = random.pick(["box", "box", "tarpaulin", "bed"] as const);
  if (body === "bed") addBed(frame, half, rear, cabRear, seed);
  else {
    const surface = boxSide(random.pick(BOX_PAINTS), body === "tarpaulin", boxHeight - 0.95, seed);
    frame.box(surface, [-half, 0.95, rear], [half, boxHeight, cabRear - 0.2], {
      back: boxDoors(random.pick(BOX_PAINTS), seed),
    });
  }
  addCab(frame, paint, half, cabRear, front);
  for (const s of [-1, 1] as const) {
    for (const z of [rear + 1.1, rear + 2.1, front - 0.9])
      addWheel(frame, LABEL.truck, [s * (half - 0.03), 0.48, z], 0.48, s, false);
    frame.box(dark, [s > 0 ? half - 0.1 : -half, 0.5, rear + 2.9], [s > 0 ? half : -half + 0.1, 0.9, front - 2]);
  }
  addVehicleLamps(frame, LABEL.truck, half, front + 0.02, rear - 0.02, 0.66, isLit);
  frame.contactShadow(half * 1.05, length * 0.51, 0.85);
  return length;
}

function addCab(frame: ObjectFrame, paint: Color, half: number, rear: number, front: number): void {
  const side = cabSide(paint);
  const top = 2.75;
  frame.quad(side, [half, 0.6, rear], [half, 0.6, front], [half, top, front - 0.15], [half, top, rear]);
  frame.quad(side, [-half, 0.6, rear], [-half, 0.6, front], [-half, top, front - 0.15], [-half, top, rear]);
  frame.quad(
    cabFront(paint),
    [half, 0.6, front],
    [-half, 0.6, front],
    [-half, top, front - 0.15],
    [half, top, front - 0.15],
  );
  const plain = glossy(LABEL.truck, paint, 0.12);
  frame.quad(plain, [-half, top, rear], [half, top, rear], [half, top, front - 0.15], [-half, top, front - 0.15]);
  frame.quad(plain, [-half, 0.6, rear], [half, 0.6, rear], [half, top, rear], [-half, top, rear]);
  for (const s of [-1, 1])
    frame.box(
      matte(LABEL.truck, [0.02, 0.02, 0.02]),
      [s * (half + 0.16) - 0.07, 1.7, front - 0.1],
      [s * (half + 0.16) + 0.07, 2.25, front],
    );
}

const TRUCK_PANE = glass(LABEL.truck);

function cabSide(paint: Color): Surface {
  return {
    label: LABEL.truck,
    shade(point) {
      if (point.v > 1.05 && point.v < 1.85 && point.u > 0.5 && point.u < 1.5) {
        TRUCK_PANE.shade(point);
        return;
      }
      point.paint(paint, Math.abs(point.u - 0.42) < 0.015 || point.v < 0.15 ? 0.4 : 1);
      point.gloss = 0.14;
    },
  };
}

function cabFront(paint: Color): Surface {
  return {
    label: LABEL.truck,
    shade(point) {
      const across = Math.abs(point.u - 1.2);
      if (point.v > 1.02 && point.v < 1.9 && across < 1.08) {
        TRUCK_PANE.shade(point);
        return;
      }
      const isGrille = across < 0.75 && point.v > 0.3 && point.v < 0.85 && (point.v * 9) % 1 < 0.65;
      point.paint(isGrille ? [0.015, 0.015, 0.016] : paint);
      if (across < 0.26 && point.v > 0.08 && point.v < 0.2) point.paint([0.7, 0.7, 0.66]);
      point.gloss = 0.12;
    },
  };
}

function boxSide(color: Color, isTarpaulin: boolean, height: number, seed: number): Surface {
  const accent = BOX_PAINTS[(seed >> 3) % BOX_PAINTS.length] ?? color;
  return {
    label: LABEL.truck,
    shade(point) {
      const folds = isTarpaulin ? 0.16 * Math.sin(point.u * 7) + 0.1 * Math.sin(point.u * 2.3) : 0;
      const dirt =
        0.25 * (fractalNoise(point.u * 0.7, point.v * 0.7, 3, seed) - 0.5) - 0.25 * Math.max(0, 0.5 - point.v);
      const isBand = seed % 3 !== 0 && point.v > height * 0.3 && point.v < height * (0.42 + (seed % 5) * 0.06);
      point.paint(isBand ? accent : color, 0.95 + folds + dirt);
      if (point.v < 0.1 || point.v > height - 0.07) point.paint([0.25, 0.25, 0.26]);
      point.gloss = isTarpaulin ? 0.02 : 0.07;
    },
  };
}

function boxDoors(color: Color, seed: number): Surface {
  return {
    label: LABEL.truck,
    shade(point) {
      const across = Math.abs(point.u - 1.2);
      const isBar = Math.abs(across - 0.35) < 0.025 || Math.abs(across - 0.75) < 0.025;
      const isSeam = across < 0.015 || across > 1.12 || point.v < 0.08;
      point.paint(color, isSeam ? 0.3 : 0.9 + 0.2 * (fractalNoise(point.u, point.v, 2, seed) - 0.5));
      if (isBar) point.paint([0.3, 0.3, 0.31]);
      if (point.v < 0.35 && point.v > 0.14 && across > 0.85) point.paint([0.5, 0.05, 0.03]);
      point.gloss = 0.05;
    },
  };
}

function addBed(frame: ObjectFrame, half: number, rear: number, cabRear: number, seed: number): void {
  const sideboard = matte(LABEL.truck, [0.22, 0.2, 0.17], seed, 0.4, 2);
  frame.box(sideboard, [-half, 0.95, rear], [half, 1.75, cabRear - 0.2]);
  const load = matte(LABEL.truck, [0.24, 0.16, 0.1], seed, 0.7, 3);
  for (let i = 0; i < 6; i++) {
    const z = rear + 0.9 + ((cabRear - rear - 1.6) * i) / 5;
    frame.clump(load, [(hashUnit(i, 2, seed) - 0.5) * 0.7, 1.65, z], 0.65, 0.2, seed + i);
  }
}

/** The long side of a bus or tram: windows in a band, doors, a stripe. */
function coachSide(label: number, color: Color, stripe: Color, height: number, doorsAt: readonly number[]): Surface {
  const [low, high] = [height * 0.36, height * 0.8];
  return {
    label,
    shade(point) {
      const { u, v } = point;
      const door = doorsAt.find((at) => Math.abs(u - at) < 0.65);
      const isDoorPane = door !== undefined && v > 0.25 && v < high && Math.abs(Math.abs(u - door) - 0.31) < 0.25;
      const isPane = door === undefined && v > low && v < high && u / 1.45 - Math.floor(u / 1.45) > 0.06;
      if (isDoorPane || isPane) {
        point.paint([0.02, 0.024, 0.028]);
        point.gloss = 0.45;
        // Inside: a bright ceiling, the dark backs of seats below, here and there a passenger.
        const isSeat =
          v < low + 0.32 * (high - low) || (hashUnit(Math.floor(u / 0.45), 1, 3) < 0.4 && v < low + 0.6 * (high - low));
        point.glow([1, 0.88, 0.66], (isSeat ? 0.1 : 0.3 + 0.35 * (v / height)) * point.darkness);
        return;
      }
      const isBand = v > low - 0.12 && v < high + 0.1;
      point.paint(isBand ? [0.03, 0.03, 0.033] : v < height * 0.14 ? stripe : color, 1);
      if (door !== undefined) point.paint(stripe, 0.8);
      if (Math.abs(v - height * 0.27) < 0.06) point.paint(stripe);
      point.gloss = 0.14;
    },
  };
}

/** Front or rear of a bus or tram; u and v run from 0 to 1. */
function coachEnd(label: number, color: Color, stripe: Color, isFront: boolean, seed: number): Surface {
  return {
    label,
    shade(point) {
      const { u, v } = point;
      const across = Math.abs(u - 0.5);
      point.paint(v < 0.14 ? [0.03, 0.03, 0.03] : color);
      point.gloss = 0.14;
      const isBoard = v > 0.86 && v < 0.95 && across < 0.36;
      if (isBoard) {
        const isLetter = hashUnit(Math.floor(u * 42), Math.floor(v * 60), seed) < 0.45;
        point.paint([0.01, 0.01, 0.01]);
        if (isLetter) point.glow([1, 0.6, 0.1], 0.9 + point.darkness);
        return;
      }
      if (v > (isFront ? 0.36 : 0.52) && v < 0.84 && across < 0.45) {
        point.paint([0.02, 0.024, 0.028]);
        point.gloss = 0.5;
        point.glow([1, 0.9, 0.7], 0.09 * point.darkness);
        return;
      }
      if (Math.abs(v - 0.3) < 0.03) point.paint(stripe);
      if (across < 0.11 && Math.abs(v - 0.2) < 0.025) point.paint([0.72, 0.72, 0.68]);
    },
  };
}

function addCoachBody(
  frame: ObjectFrame,
  label: number,
  size: { half: number; low: number; top: number; rear: number; front: number },
  color: Color,
  stripe: Color,
  seed: number,
): void {
  const { half, low, top, rear, front } = size;
  const length = front - rear;
  const doors = length > 9 ? [1.6, length * 0.5, length - 1.2] : [length * 0.5];
  const side = coachSide(label, color, stripe, top - low, doors);
  const lean = 0.12;
  frame.quad(side, [half, low, rear], [half, low, front], [half, top, front], [half, top, rear]);
  frame.quad(side, [-half, low, rear], [-half, low, front], [-half, top, front], [-half, top, rear]);
  frame.unitQuad(
    coachEnd(label, color, stripe, true, seed),
    [half, low, front + lean],
    [-half, low, front + lean],
    [-half + 0.06, top, front],
    [half - 0.06, top, front],
  );
  frame.unitQuad(
    coachEnd(label, color, stripe, false, seed),
    [-half, low, rear - lean],
    [half, low, rear - lean],
    [half - 0.06, top, rear],
    [-half + 0.06, top, rear],
  );
  const roof = glossy(label, [color[0] * 0.6 + 0.15, color[1] * 0.6 + 0.15, color[2] * 0.6 + 0.15], 0.06);
  frame.quad(roof, [-half, top, rear], [half, top, rear], [half, top, front], [-half, top, front]);
  // Rounded roof edges.
  for (const s of [-1, 1])
    frame.cone(roof, [s * (half - 0.1), top - 0.04, rear], [s * (half - 0.1), top - 0.04, front], 0.11);
  const plain = glossy(label, color, 0.12);
  for (const s of [-1, 1]) {
    for (const [z, end] of [
      [front, front + lean],
      [rear, rear - lean],
    ] as const) {
      frame.polygon(
        plain,
        [
          [s * half, low, z],
          [s * half, low, end],
          [s * (half - 0.06), top, z],
        ],
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      );
    }
  }
}

/** A city bus. Returns its length. */
export function addBus(scene: SceneGeometry, at: Vec3, heading: number, isLit: boolean, random: Random): number {
  const frame = new ObjectFrame(scene, at, heading);
  const seed = random.integer(1 << 16);
  const length = random.uniform(10, 12);
  const half = 1.26;
  const color = random.pick(BUS_PAINTS);
  const stripe = random.pick(BUS_PAINTS);
  addCoachBody(
    frame,
    LABEL.bus,
    { half, low: 0.32, top: 3.05, rear: -length / 2, front: length / 2 },
    color,
    stripe,
    seed,
  );
  for (const s of [-1, 1] as const) {
    for (const z of [-length * 0.27, length * 0.28])
      addWheel(frame, LABEL.bus, [s * (half + 0.02), 0.48, z], 0.48, s, false);
  }
  addVehicleLamps(frame, LABEL.bus, half, length / 2 + 0.1, -length / 2 - 0.1, 0.75, isLit);
  frame.contactShadow(half * 1.05, length * 0.51, 0.85);
  return length;
}

/** A tram of two or three cars on its track. Returns its length. */
export function addTram(scene: SceneGeometry, at: Vec3, heading: number, isLit: boolean, random: Random): number {
  const frame = new ObjectFrame(scene, at, heading);
  const seed = random.integer(1 << 16);
  const cars = 2 + random.integer(2);
  const carLength = random.uniform(7.5, 9);
  const length = cars * carLength + (cars - 1) * 0.6;
  const half = 1.2;
  const color = random.pick(TRAM_PAINTS);
  const stripe = random.pick(TRAM_PAINTS);
  const dark = matte(LABEL.train, [0.02, 0.02, 0.022]);
  for (let i = 0; i < cars; i++) {
    const rear = -length / 2 + i * (carLength + 0.6);
    const front = rear + carLength;
    addCoachBody(frame, LABEL.train, { half, low: 0.3, top: 3.3, rear, front }, color, stripe, seed);
    frame.box(dark, [-half + 0.12, 0.06, rear + 0.8], [half - 0.12, 0.4, front - 0.8]);
    frame.box(glossy(LABEL.train, [0.3, 0.3, 0.3], 0.05), [-0.75, 3.3, rear + 1], [0.75, 3.62, front - 2]);
    if (i + 1 < cars) frame.box(dark, [-half + 0.15, 0.35, front], [half - 0.15, 3.15, front + 0.6]);
  }
  // Pantograph: two bars up to the wire.
  const metal = glossy(LABEL.train, [0.1, 0.1, 0.1], 0.1);
  frame.cone(metal, [0, 3.6, -1], [0, 4.5, 0.2], 0.04);
  frame.cone(metal, [0, 4.5, 0.2], [0, 5.3, -0.8], 0.04);
  frame.cone(metal, [-0.7, 5.3, -0.8], [0.7, 5.3, -0.8], 0.04);
  addVehicleLamps(frame, LABEL.train, half, length / 2 + 0.12, -length / 2 - 0.12, 0.85, isLit);
  frame.contactShadow(half * 1.05, length * 0.5, 0.85);
  return length;
}
