// People: walking, standing, sitting astride; drawn from round cones for limbs, trunk and head.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { type Color, colorFromHex, LABEL, matte, type Surface } from "../surface.ts";

const SKINS = [0xe0b394, 0xc99a77, 0xa9744f, 0x7a4e34, 0x553524].map(colorFromHex);
const HAIRS = [0x1f1812, 0x3b2a1c, 0x6b4a2a, 0xb08a55, 0x8c8a86, 0x5a2f1d].map(colorFromHex);
const TOPS = [
  0x7c2327, 0x25426e, 0x2f5a3d, 0xc9b458, 0xd9d6ce, 0x2b2b2f, 0x6a6d72, 0xb35a2a, 0x4c2f5c, 0x3d7a8a, 0xa23b5a,
  0x8a6a45, 0xc43c34,
].map(colorFromHex);
const TROUSERS = [0x24314a, 0x1f2126, 0x4a4238, 0x6a6253, 0x3a4657, 0x55565a, 0x2a3a2e].map(colorFromHex);

/** What a person wears, one surface each. */
export interface Clothes {
  readonly skin: Surface;
  readonly hair: Surface;
  readonly top: Surface;
  readonly legs: Surface;
  readonly shoes: Surface;
}

export function chooseClothes(label: number, random: Random): Clothes {
  const cloth = (color: Color): Surface => matte(label, color, random.integer(1000), 0.3, 9);
  return {
    skin: cloth(random.pick(SKINS)),
    hair: cloth(random.pick(HAIRS)),
    top: cloth(random.pick(TOPS)),
    legs: cloth(random.pick(TROUSERS)),
    shoes: cloth(random.pick([0x17171a, 0x3a2a20, 0xc9c6bf].map(colorFromHex))),
  };
}

/** A pedestrian on the ground at `at`, walking towards `heading` or standing. */
export function addPerson(scene: SceneGeometry, at: Vec3, heading: number, isWalking: boolean, random: Random): void {
  const isChild = random.next() < 0.12;
  const h = isChild ? random.uniform(1.05, 1.4) : random.uniform(1.58, 1.92);
  const frame = new ObjectFrame(scene, at, heading, h);
  const clothes = chooseClothes(LABEL.person, random);
  const phase = isWalking ? random.uniform(0.5, 1) * (random.next() < 0.5 ? -1 : 1) : random.uniform(-0.12, 0.12);
  const outfit = random.pick(["trousers", "trousers", "coat", "skirt"] as const);
  const build = random.uniform(0.9, 1.15);
  addLegs(frame, clothes, phase, build);
  addTrunk(frame, clothes, outfit, build);
  addArms(frame, clothes, phase, build);
  addHead(frame, clothes, [0, 0.925, 0.01], random.next() < 0.4);
  if (random.next() < 0.35) addBag(frame, random);
  frame.contactShadow(0.14, 0.17, 0.75);
}

/** Lengths here are shares of the body height. */
function addLegs(frame: ObjectFrame, clothes: Clothes, phase: number, build: number): void {
  for (const s of [-1, 1]) {
    const swing = s * phase;
    const knee: Vec3 = [s * 0.048, 0.28, 0.075 * swing + 0.012];
    const ankle: Vec3 = [s * 0.045, 0.045 + (swing < 0 ? 0.025 * -swing : 0), 0.15 * swing - (swing < 0 ? 0.03 : 0)];
    frame.cone(clothes.legs, [s * 0.045, 0.51, 0], knee, 0.055 * build, 0.038 * build);
    frame.cone(clothes.legs, knee, ankle, 0.037 * build, 0.026);
    frame.cone(
      clothes.shoes,
      [ankle[0], ankle[1] - 0.02, ankle[2] - 0.01],
      [ankle[0] + s * 0.01, ankle[1] - 0.024, ankle[2] + 0.085],
      0.026,
      0.02,
    );
  }
}

function addTrunk(frame: ObjectFrame, clothes: Clothes, outfit: "trousers" | "coat" | "skirt", build: number): void {
  for (const s of [-1, 1]) {
    frame.cone(
      clothes.top,
      [s * 0.035 * build, 0.54, 0],
      [s * 0.05 * build, 0.765, 0.005],
      0.064 * build,
      0.062 * build,
    );
  }
  frame.cone(clothes.top, [-0.085 * build, 0.795, 0], [0.085 * build, 0.795, 0], 0.04, 0.04);
  frame.cone(clothes.skin, [0, 0.8, 0], [0, 0.88, 0.005], 0.032, 0.03);
  if (outfit === "coat") frame.cone(clothes.top, [0, 0.6, 0], [0, 0.33, 0], 0.088 * build, 0.115 * build);
  if (outfit === "skirt") frame.cone(clothes.legs, [0, 0.55, 0], [0, 0.32, 0], 0.085 * build, 0.115 * build);
}

function addArms(frame: ObjectFrame, clothes: Clothes, phase: number, build: number): void {
  for (const s of [-1, 1]) {
    const swing = -s * phase;
    const elbow: Vec3 = [s * (0.135 * build), 0.63, 0.05 * swing - 0.015];
    const wrist: Vec3 = [s * (0.135 * build), 0.49, 0.13 * swing + 0.03];
    frame.cone(clothes.top, [s * 0.108 * build, 0.79, 0], elbow, 0.036, 0.03);
    frame.cone(clothes.top, elbow, wrist, 0.029, 0.022);
    frame.cone(clothes.skin, wrist, [wrist[0], wrist[1] - 0.04, wrist[2] + 0.01], 0.021, 0.018);
  }
}

function addHead(frame: ObjectFrame, clothes: Clothes, center: Vec3, hasLongHair: boolean): void {
  const [x, y, z] = center;
  frame.cone(clothes.skin, [x, y - 0.025, z + 0.008], [x, y + 0.02, z], 0.042, 0.05);
  frame.cone(clothes.hair, [x, y + 0.015, z - 0.016], [x, y + 0.032, z - 0.008], 0.05, 0.05);
  if (hasLongHair) frame.cone(clothes.hair, [x, y + 0.01, z - 0.025], [x, y - 0.09, z - 0.03], 0.048, 0.036);
}

function addBag(frame: ObjectFrame, random: Random): void {
  const surface = matte(LABEL.person, random.pick(TOPS), 3, 0.3);
  if (random.next() < 0.5) {
    frame.cone(surface, [0, 0.63, -0.1], [0, 0.75, -0.09], 0.075, 0.065);
    return;
  }
  const side = random.next() < 0.5 ? -1 : 1;
  frame.box(surface, [side * 0.15 - 0.03, 0.36, -0.06], [side * 0.15 + 0.03, 0.47, 0.07]);
}

/** A rider's posture, in metres in the vehicle's own coordinates. */
export interface RiderPose {
  readonly hip: Vec3;
  readonly shoulder: Vec3;
  readonly hand: Vec3;
  readonly leftFoot: Vec3;
  readonly rightFoot: Vec3;
}

/** Someone astride a bicycle or motorcycle. */
export function addRider(frame: ObjectFrame, pose: RiderPose, hasFullHelmet: boolean, random: Random): void {
  const clothes = chooseClothes(LABEL.rider, random);
  const { hip, shoulder, hand } = pose;
  for (const s of [-1, 1]) {
    const foot = s < 0 ? pose.leftFoot : pose.rightFoot;
    const hipSide: Vec3 = [s * 0.09, hip[1], hip[2]];
    const knee: Vec3 = [s * 0.15, (hip[1] + foot[1]) / 2 + 0.1, Math.max(hip[2], foot[2]) + 0.24];
    frame.cone(clothes.legs, hipSide, knee, 0.1, 0.07);
    frame.cone(clothes.legs, knee, foot, 0.065, 0.045);
    frame.cone(clothes.shoes, foot, [foot[0], foot[1] - 0.02, foot[2] + 0.14], 0.045, 0.04);
    const shoulderSide: Vec3 = [s * 0.18, shoulder[1] - 0.04, shoulder[2]];
    const handSide: Vec3 = [s * 0.26, hand[1], hand[2]];
    const elbow: Vec3 = [s * 0.29, (shoulder[1] + hand[1]) / 2 - 0.05, (shoulder[2] + hand[2]) / 2 - 0.03];
    frame.cone(clothes.top, shoulderSide, elbow, 0.065, 0.052);
    frame.cone(clothes.top, elbow, handSide, 0.05, 0.04);
    frame.cone(clothes.top, [s * 0.07, hip[1] + 0.03, hip[2]], [s * 0.1, shoulder[1] - 0.05, shoulder[2]], 0.115, 0.11);
  }
  frame.cone(clothes.top, [-0.15, shoulder[1], shoulder[2]], [0.15, shoulder[1], shoulder[2]], 0.075, 0.075);
  const head: Vec3 = [0, shoulder[1] + 0.25, shoulder[2] + 0.08];
  frame.cone(clothes.skin, [0, shoulder[1] + 0.05, shoulder[2] + 0.03], head, 0.055, 0.085);
  const helmet = matte(LABEL.rider, random.pick(TOPS), 1, 0.1);
  if (hasFullHelmet) frame.cone(helmet, head, [0, head[1] + 0.02, head[2] - 0.03], 0.14, 0.14);
  else if (random.next() < 0.6)
    frame.cone(helmet, [0, head[1] + 0.05, head[2] - 0.05], [0, head[1] + 0.06, head[2] + 0.03], 0.1, 0.095);
  else frame.cone(clothes.hair, [0, head[1] + 0.03, head[2] - 0.03], [0, head[1] + 0.05, head[2] - 0.02], 0.092, 0.09);
}
