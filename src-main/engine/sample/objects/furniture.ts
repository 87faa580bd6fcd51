// Street furniture: lamps, traffic lights, traffic signs, bollards; bins and benches that no class covers.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { type Color, colorFromHex, glossy, LABEL, luminous, matte, type Surface } from "../surface.ts";

const POLE_METAL = glossy(LABEL.pole, colorFromHex(0x6b7075), 0.12);
const POLE_DARK = glossy(LABEL.pole, colorFromHex(0x30363a), 0.1);
const SODIUM: Color = [1, 0.62, 0.28];
const COOL: Color = [0.85, 0.92, 1];

/** A street lamp whose arm reaches over the road. `arm` is +1 or -1: to its right or left. */
export function addStreetLamp(scene: SceneGeometry, at: Vec3, arm: 1 | -1, height: number, isWarm: boolean): void {
  const frame = new ObjectFrame(scene, at);
  const reach = arm * 1.7;
  frame.cone(POLE_METAL, [0, 0, 0], [0, 1.1, 0], 0.13, 0.12);
  frame.cone(POLE_METAL, [0, 1, 0], [0, height - 0.4, 0], 0.085, 0.06);
  frame.cone(POLE_METAL, [0, height - 0.4, 0], [reach * 0.5, height, 0], 0.055, 0.05);
  frame.cone(POLE_METAL, [reach * 0.5, height, 0], [reach, height + 0.05, 0], 0.05, 0.05);
  frame.cone(POLE_METAL, [reach - arm * 0.1, height + 0.06, 0], [reach + arm * 0.45, height + 0.07, 0], 0.11, 0.09);
  const color = isWarm ? SODIUM : COOL;
  frame.cone(
    luminous(LABEL.pole, color, 0, 26),
    [reach, height - 0.04, 0],
    [reach + arm * 0.4, height - 0.03, 0],
    0.075,
  );
  frame.lamp([reach + arm * 0.2, height - 0.15, 0], [color[0] * 34, color[1] * 34, color[2] * 34], 26);
  frame.contactShadow(0.25, 0.25, 0.5);
}

/** A plain pole (for wires or banners). */
export function addPole(scene: SceneGeometry, at: Vec3, height: number, radius: number): void {
  const frame = new ObjectFrame(scene, at);
  frame.cone(POLE_METAL, [0, 0, 0], [0, height, 0], radius, radius * 0.75);
  frame.contactShadow(radius * 2.5, radius * 2.5, 0.5);
}

const BOLLARD_BAND = glossy(LABEL.pole, colorFromHex(0xd8d4c8), 0.1);

export function addBollard(scene: SceneGeometry, at: Vec3): void {
  const frame = new ObjectFrame(scene, at);
  frame.cone(POLE_DARK, [0, 0, 0], [0, 0.86, 0], 0.075, 0.07);
  frame.cone(BOLLARD_BAND, [0, 0.68, 0], [0, 0.76, 0], 0.08, 0.08);
  frame.contactShadow(0.16, 0.16, 0.5);
}

const LIGHT_COLORS = { red: [1, 0.08, 0.03], amber: [1, 0.5, 0.04], green: [0.05, 1, 0.45] } as const;
const LIGHT_HOUSING = matte(LABEL.trafficLight, [0.014, 0.016, 0.016]);
const LIGHT_BORDER = matte(LABEL.trafficLight, [0.5, 0.5, 0.48]);

/** The head of a traffic light that faces the object's front. */
function addLightHead(frame: ObjectFrame, center: Vec3, lit: keyof typeof LIGHT_COLORS, hasBorder: boolean): void {
  const [x, y, z] = center;
  if (hasBorder)
    frame.quad(
      LIGHT_BORDER,
      [x + 0.3, y - 0.68, z],
      [x - 0.3, y - 0.68, z],
      [x - 0.3, y + 0.68, z],
      [x + 0.3, y + 0.68, z],
    );
  frame.box(LIGHT_HOUSING, [x - 0.21, y - 0.58, z - 0.16], [x + 0.21, y + 0.58, z + 0.16]);
  const names = ["red", "amber", "green"] as const;
  names.forEach((name, i) => {
    const isLit = name === lit;
    const color = LIGHT_COLORS[name];
    const surface = luminous(LABEL.trafficLight, color, isLit ? 2.4 : 0.015, isLit ? 7 : 0);
    const cy = y + 0.37 - i * 0.37;
    frame.disc(surface, [x, cy, z + 0.175], 0.145, "z");
    frame.quad(
      LIGHT_HOUSING,
      [x + 0.17, cy + 0.1, z + 0.36],
      [x - 0.17, cy + 0.1, z + 0.36],
      [x - 0.17, cy + 0.19, z + 0.17],
      [x + 0.17, cy + 0.19, z + 0.17],
    );
  });
}

/** A traffic light on its own pole; `mast` metres of arm (0: none) carry a second head over the road. */
export function addTrafficLight(scene: SceneGeometry, at: Vec3, heading: number, mast: number, random: Random): void {
  const frame = new ObjectFrame(scene, at, heading);
  const lit = random.pick(["red", "red", "green", "green", "amber"] as const);
  const height = mast === 0 ? 3.4 : 5;
  frame.cone(POLE_DARK, [0, 0, 0], [0, height, 0], 0.085, 0.075);
  const hasBorder = random.next() < 0.4;
  addLightHead(frame, [0, 2.75, 0.24], lit, hasBorder);
  if (mast !== 0) {
    frame.cone(POLE_DARK, [0, 4.9, 0], [mast, 5.05, 0], 0.07, 0.05);
    addLightHead(frame, [mast * 0.96, 4.6, 0.2], lit, hasBorder);
  }
  frame.contactShadow(0.25, 0.25, 0.5);
}

type SignKind = "warning" | "speed" | "stop" | "noEntry" | "blue" | "direction" | "parking" | "yield" | "crossing";
const SIGN_KINDS: readonly SignKind[] = [
  "warning",
  "speed",
  "stop",
  "noEntry",
  "blue",
  "direction",
  "parking",
  "yield",
  "crossing",
];
const RED = colorFromHex(0xb3161c);
const WHITE = colorFromHex(0xeeeeea);
const BLUE = colorFromHex(0x1d4f9c);
const BLACK: Color = [0.01, 0.01, 0.01];

/** The face of a sign: u and v run from -1 to 1 over it. */
function signColor(kind: SignKind, u: number, v: number): Color {
  const radius = Math.hypot(u, v);
  switch (kind) {
    case "warning":
      return triangleRim(u, v) < 0.16 ? RED : Math.abs(u) < 0.07 && v > -0.2 && v < 0.3 ? BLACK : WHITE;
    case "yield":
      return triangleRim(u, -v) < 0.2 ? RED : WHITE;
    case "speed": {
      if (radius > 0.74) return RED;
      const isDigit = Math.abs(v) < 0.36 && Math.abs(Math.abs(u) - 0.25) < 0.17;
      return isDigit && !(Math.abs(Math.abs(u) - 0.25) < 0.07 && Math.abs(v) < 0.24) ? BLACK : WHITE;
    }
    case "stop":
      return radius > 0.88 || (Math.abs(v) < 0.2 && Math.abs(u) < 0.66 && Math.abs(u * 4 - Math.round(u * 4)) < 0.32)
        ? WHITE
        : RED;
    case "noEntry":
      return Math.abs(v) < 0.17 && Math.abs(u) < 0.68 ? WHITE : RED;
    case "blue":
      return Math.abs(u) < 0.14 && Math.abs(v) < 0.6 ? WHITE : v > 0.1 && Math.abs(u) < 0.75 - v ? WHITE : BLUE;
    case "parking":
      return parkingGlyph(u, v) || Math.max(Math.abs(u), Math.abs(v)) > 0.64 ? WHITE : BLUE;
    case "crossing":
      return Math.max(Math.abs(u), Math.abs(v)) < 0.64 && triangleRim(u * 1.3, v * 1.3 + 0.05) > 0.05 ? WHITE : BLUE;
    case "direction":
      return Math.abs(v) > 0.62 || Math.abs(u) > 0.66
        ? WHITE
        : Math.abs(v - 0.2) < 0.1 || Math.abs(v + 0.25) < 0.1
          ? WHITE
          : BLUE;
    default:
      return kind satisfies never;
  }
}

/** Distance from the rim of a triangle that points up; negative outside. */
function triangleRim(u: number, v: number): number {
  return Math.min(v + 0.5, 0.5 - 0.5 * v - 0.866 * Math.abs(u) + 0.0);
}

function parkingGlyph(u: number, v: number): boolean {
  const isStem = Math.abs(u + 0.2) < 0.1 && Math.abs(v) < 0.5;
  const ring = Math.hypot(u + 0.02, v - 0.22);
  return isStem || (u > -0.2 && ring > 0.15 && ring < 0.34);
}

function signFace(kind: SignKind): Surface {
  return {
    label: LABEL.trafficSign,
    shade(point) {
      const color = signColor(kind, point.u, point.v);
      point.paint(color, 0.95);
      point.gloss = 0.03;
      // Signs throw headlights back.
      point.glow(color, 0.12 * point.darkness);
    },
  };
}

const SIGN_BACK = matte(LABEL.trafficSign, [0.3, 0.31, 0.32]);

function addSignPlate(frame: ObjectFrame, kind: SignKind, center: Vec3, size: number): void {
  const [x, y, z] = center;
  const sides =
    kind === "warning" || kind === "yield"
      ? 3
      : kind === "stop"
        ? 8
        : kind === "parking" || kind === "crossing" || kind === "direction"
          ? 4
          : 18;
  const turn =
    kind === "yield"
      ? -Math.PI / 2
      : sides === 3
        ? Math.PI / 2
        : sides === 8
          ? Math.PI / 8
          : sides === 4
            ? Math.PI / 4
            : 0;
  const radius = sides === 4 ? size * 1.25 : sides === 3 ? size * 1.2 : size;
  frame.disc(signFace(kind), [x, y, z + 0.012], radius, "z", sides, turn);
  frame.disc(SIGN_BACK, [x, y, z - 0.012], radius, "z", sides, turn);
}

/** One or two signs on a pole, facing the object's front. */
export function addTrafficSign(scene: SceneGeometry, at: Vec3, heading: number, random: Random): void {
  const frame = new ObjectFrame(scene, at, heading);
  const size = random.uniform(0.36, 0.5);
  const height = random.uniform(2.3, 2.9);
  frame.cone(POLE_METAL, [0, 0, 0], [0, height + size, 0], 0.05, 0.05);
  addSignPlate(frame, random.pick(SIGN_KINDS), [0, height, 0.07], size);
  if (random.next() < 0.45) addSignPlate(frame, random.pick(SIGN_KINDS), [0, height - size * 2.1, 0.07], size * 0.85);
  frame.contactShadow(0.15, 0.15, 0.4);
}

function directionBoard(seed: number): Surface {
  return {
    label: LABEL.trafficSign,
    shade(point) {
      const isRim = point.u < 0.08 || point.v < 0.08 || point.v > 1.32 || point.u > 2.52;
      const line = Math.floor(point.v / 0.42);
      const isText =
        Math.abs(point.v / 0.42 - line - 0.5) < 0.2 && point.u > 0.7 && point.u < 1.2 + ((seed >> line) % 5) * 0.25;
      const isArrow = Math.abs(point.u - 0.35) < 0.16 && Math.abs(point.v / 0.42 - line - 0.5) < 0.16;
      point.paint(isRim || isText || isArrow ? WHITE : BLUE, 0.95);
      point.glow(BLUE, 0.3 * point.darkness);
    },
  };
}

/** A large board with directions on a pole that leans over the road. */
export function addDirectionBoard(
  scene: SceneGeometry,
  at: Vec3,
  heading: number,
  reach: number,
  random: Random,
): void {
  const frame = new ObjectFrame(scene, at, heading);
  frame.cone(POLE_METAL, [0, 0, 0], [0, 6.2, 0], 0.11, 0.09);
  frame.cone(POLE_METAL, [0, 5.6, 0], [reach, 5.7, 0], 0.07, 0.06);
  const x = reach > 0 ? reach - 2.6 : reach;
  const face = directionBoard(random.integer(1 << 12));
  frame.quad(face, [x + 2.6, 4.7, 0.12], [x, 4.7, 0.12], [x, 6.1, 0.12], [x + 2.6, 6.1, 0.12]);
  frame.quad(SIGN_BACK, [x, 4.7, 0.09], [x + 2.6, 4.7, 0.09], [x + 2.6, 6.1, 0.09], [x, 6.1, 0.09]);
  frame.contactShadow(0.3, 0.3, 0.5);
}

/** A litter bin: annotators leave such things out. */
export function addBin(scene: SceneGeometry, at: Vec3, random: Random): void {
  const frame = new ObjectFrame(scene, at);
  const surface = glossy(LABEL.ignored, random.pick([0x3a5a3f, 0x4a4d50, 0xa8662b].map(colorFromHex)), 0.08);
  frame.cone(surface, [0, 0.2, 0], [0, 0.85, 0], 0.24, 0.26);
  frame.contactShadow(0.35, 0.35, 0.6);
}

/** A bench: left out as well. */
export function addBench(scene: SceneGeometry, at: Vec3, heading: number): void {
  const frame = new ObjectFrame(scene, at, heading);
  const wood = matte(LABEL.ignored, colorFromHex(0x7a5a3c), 4, 0.5, 12);
  frame.box(wood, [-0.9, 0.42, -0.2], [0.9, 0.48, 0.22]);
  frame.quad(wood, [-0.9, 0.55, -0.26], [0.9, 0.55, -0.26], [0.9, 0.95, -0.36], [-0.9, 0.95, -0.36]);
  for (const x of [-0.75, 0.75])
    frame.box(matte(LABEL.ignored, [0.03, 0.03, 0.03]), [x - 0.03, 0, -0.2], [x + 0.03, 0.45, 0.2]);
  frame.contactShadow(1, 0.35, 0.5);
}
