// The ground: what a ray meets there, and how asphalt, markings, slabs, kerbs, rails and grass look.
import { fractalNoise, hashUnit, smoothStep, valueNoise } from "./noise.ts";
import { groundZone, KERB_M, roadMiddle, type StreetPlan } from "./street-plan.ts";
import { colorFromHex, LABEL, type ShadePoint } from "./surface.ts";

/** Where a ray meets the ground. */
export interface GroundHit {
  /** Depth along the camera's axis. */
  depth: number;
  x: number;
  y: number;
  z: number;
  /** Lateral place on the street. */
  s: number;
  kind: "road" | "kerb" | "kerbFace" | "sidewalk" | "grass";
}

export const GROUND_LABEL = {
  road: LABEL.road,
  kerb: LABEL.sidewalk,
  kerbFace: LABEL.sidewalk,
  sidewalk: LABEL.sidewalk,
  grass: LABEL.terrain,
} as const;

/** The ground ends here: beyond is background. */
const GROUND_END_M = 400;

/**
 * Follows a ray that starts at `origin` to the ground and fills `hit`.
 *
 * @param direction  scaled so that one unit is one metre of depth
 * @returns          false when the ray misses the ground
 */
export function hitGround(
  plan: StreetPlan,
  origin: readonly [number, number, number],
  dx: number,
  dy: number,
  dz: number,
  hit: GroundHit,
): boolean {
  if (dy >= -1e-6) return false;
  const raised = (KERB_M - origin[1]) / dy;
  if (raised > GROUND_END_M) return false;
  placeHit(plan, origin, dx, dy, dz, raised, hit);
  const zone = groundZone(plan, hit.s, hit.z);
  if (zone !== "road") {
    hit.kind = zone;
    return true;
  }
  placeHit(plan, origin, dx, dy, dz, -origin[1] / dy, hit);
  if (groundZone(plan, hit.s, hit.z) === "road") {
    hit.kind = "road";
    return true;
  }
  // Below the raised plane but not on the road: the ray went into a kerb's side.
  placeHit(plan, origin, dx, dy, dz, (KERB_M / 2 - origin[1]) / dy, hit);
  hit.kind = "kerbFace";
  return true;
}

function placeHit(
  plan: StreetPlan,
  origin: readonly [number, number, number],
  dx: number,
  dy: number,
  dz: number,
  depth: number,
  hit: GroundHit,
): void {
  hit.depth = depth;
  hit.x = origin[0] + dx * depth;
  hit.y = origin[1] + dy * depth;
  hit.z = origin[2] + dz * depth;
  hit.s = hit.x - roadMiddle(plan, hit.z);
}

const STONE = colorFromHex(0xa7a49c);
const WHITE_PAINT = colorFromHex(0xdedcd2);
const RAIL = colorFromHex(0x8d8d90);

/** Fills the point's albedo and gloss for the ground hit under it. */
export function shadeGround(plan: StreetPlan, hit: GroundHit, point: ShadePoint): void {
  switch (hit.kind) {
    case "road":
      shadeRoad(plan, hit, point);
      return;
    case "sidewalk":
      shadeSlabs(plan, hit, point);
      return;
    case "grass":
      shadeGrass(plan, hit, point);
      return;
    case "kerb":
      shadeKerb(plan, hit, point, 1);
      return;
    case "kerbFace":
      shadeKerb(plan, hit, point, 0.62);
      return;
    default:
      hit.kind satisfies never;
  }
}

function shadeRoad(plan: StreetPlan, hit: GroundHit, point: ShadePoint): void {
  const { s, z } = hit;
  const patches = fractalNoise(s * 0.35, z * 0.13, 3, plan.seed);
  const fine = 1 - smoothStep(0.01, 0.08, point.footprint);
  const grain = fine * (hashUnit(Math.floor(s * 60), Math.floor(z * 60), plan.seed) - 0.5) * 0.35;
  // Tyres polish two stripes per lane, oil darkens the middle.
  const inLane = (((s / plan.laneWidth) % 1) + 1) % 1;
  const tyres = Math.exp(-(((inLane - 0.25) * 9) ** 2)) + Math.exp(-(((inLane - 0.75) * 9) ** 2));
  let brightness = 0.82 + 0.5 * (patches - 0.5) + grain - 0.07 * tyres;
  if (cutPatch(plan, s, z)) brightness *= 0.74;
  const crack = Math.abs(fractalNoise(s * 0.9, z * 0.5, 3, plan.seed + 9) - 0.5);
  const isCracked = patches > 0.53 && crack < 0.004;
  if (isCracked) brightness *= 1 - 0.3 * fine;
  point.paint([0.118, 0.119, 0.124], brightness);
  point.gloss = 0.025;
  const rail = railAt(plan, s);
  if (rail === "slab") point.paint([0.19, 0.185, 0.175], 0.8 + 0.4 * (patches - 0.5) + grain);
  if (rail === "rail") {
    point.paint(RAIL);
    point.gloss = 0.3;
    return;
  }
  const paint =
    roadPaint(plan, s, z, point.footprint) * (0.62 + 0.38 * smoothStep(0.32, 0.52, fractalNoise(s * 3, z * 3, 3, 77)));
  point.r += (WHITE_PAINT[0] - point.r) * paint;
  point.g += (WHITE_PAINT[1] - point.g) * paint;
  point.b += (WHITE_PAINT[2] - point.b) * paint;
}

/** Rectangles where the asphalt was opened and closed again. */
function cutPatch(plan: StreetPlan, s: number, z: number): boolean {
  const cell = Math.floor(z / 9);
  const lane = Math.floor(s / 3);
  if (hashUnit(cell, lane, plan.seed + 3) > 0.22) return false;
  const z0 = cell * 9 + 5 * hashUnit(cell, lane, plan.seed + 4);
  const s0 = lane * 3 + 1.2 * hashUnit(cell, lane, plan.seed + 5);
  return z > z0 && z < z0 + 3 && s > s0 && s < s0 + 1.3;
}

function railAt(plan: StreetPlan, s: number): "none" | "slab" | "rail" {
  for (const track of plan.tracks) {
    const across = Math.abs(s - track);
    if (Math.abs(across - 0.72) < 0.045) return "rail";
    if (across < 1.25) return "slab";
  }
  return "none";
}

/** 1 inside a stripe, 0 outside, blurred to the sample's footprint. */
function stripe(distance: number, halfWidth: number, footprint: number): number {
  const soft = Math.max(0.01, footprint * 0.7);
  return smoothStep(halfWidth + soft, halfWidth - soft, Math.abs(distance)) * Math.min(1, halfWidth / soft + 0.25);
}

function roadPaint(plan: StreetPlan, s: number, z: number, footprint: number): number {
  const across = Math.abs(s);
  if (across > plan.roadHalfWidth) return 0;
  const crossing = plan.crosswalkAt;
  if (crossing !== null) {
    const from = Math.abs(z - crossing);
    if (from < 1.7) return stripe(((((s / 1.1) % 1) + 1) % 1) - 0.5, 0.27, footprint);
    if (from < 3.4) return s > 0.1 && z < crossing ? stripe(z - crossing + 2.9, 0.22, footprint) : 0;
    if (from < 4.2) return 0;
  }
  const inJunction = plan.sideStreets.some((street) => z > street.from + 2 && z < street.to - 2);
  const dash = ((z % 6) + 6) % 6 < 3 ? 1 : 0;
  let paint = 0;
  if (plan.tracks.length === 0 && !inJunction) {
    paint = plan.lanesEachWay === 2 ? stripe(across - 0.12, 0.06, footprint) : dash * stripe(s, 0.07, footprint);
    if (plan.lanesEachWay === 2) paint = Math.max(paint, dash * stripe(across - plan.laneWidth, 0.07, footprint));
  }
  const hasParking = s < 0 ? plan.parkingLeft : plan.parkingRight;
  if (hasParking && !inJunction) {
    const bay = plan.roadHalfWidth - 2.15;
    paint = Math.max(paint, stripe(across - bay, 0.05, footprint));
    if (across > bay) paint = Math.max(paint, stripe((((z % 5.8) + 5.8) % 5.8) - 2.9, 0.05, footprint));
  }
  return paint;
}

function shadeSlabs(plan: StreetPlan, hit: GroundHit, point: ShadePoint): void {
  const size = plan.seed % 2 === 0 ? 0.6 : 0.45;
  const row = Math.floor(hit.z / size);
  const u = hit.s / size + (row % 2) * 0.5;
  const v = hit.z / size;
  const tone = hashUnit(Math.floor(u), row, plan.seed + 21) - 0.5;
  const blotches = fractalNoise(hit.s * 0.8, hit.z * 0.8, 3, plan.seed + 22) - 0.5;
  const joint = Math.min(u - Math.floor(u), v - row) * size;
  const visible = 1 - smoothStep(0.02, 0.12, point.footprint);
  const brightness = 0.95 + 0.2 * tone * visible + 0.4 * blotches - (joint < 0.025 ? 0.3 * visible : 0);
  const warm = (plan.seed % 7) / 7;
  point.paint([0.29 + 0.05 * warm, 0.275 + 0.015 * warm, 0.262 - 0.02 * warm], brightness);
  point.gloss = 0.015;
}

function shadeKerb(plan: StreetPlan, hit: GroundHit, point: ShadePoint, brightness: number): void {
  const stone = hashUnit(Math.floor(hit.z), 0, plan.seed + 31) - 0.5;
  const joint = hit.z - Math.floor(hit.z) < 0.03 && point.footprint < 0.05 ? 0.7 : 1;
  point.paint(STONE, brightness * joint * (0.9 + 0.2 * stone + 0.2 * (valueNoise(hit.s * 9, hit.z * 9, 6) - 0.5)));
}

function shadeGrass(plan: StreetPlan, hit: GroundHit, point: ShadePoint): void {
  const wide = fractalNoise(hit.s * 0.3, hit.z * 0.3, 3, plan.seed + 41);
  const visible = 1 - smoothStep(0.03, 0.2, point.footprint);
  const blades = visible * (valueNoise(hit.s * 22, hit.z * 9, plan.seed + 42) - 0.5);
  const dry = smoothStep(0.45, 0.75, wide);
  const brightness = 0.9 + 0.6 * blades + 0.5 * (wide - 0.5);
  point.paint([0.075 + 0.09 * dry, 0.135 + 0.035 * dry, 0.032 + 0.025 * dry], brightness);
}
