// The street's ground plan: how the road bends, how wide each strip is, and what lies at a place on the ground.
import type { Vec3 } from "./geometry.ts";

/** How far the street is built, in metres ahead of the camera. */
export const STREET_END_M = 170;
/** Sidewalks and lawns stand this much above the road. */
export const KERB_M = 0.13;
export const KERB_WIDTH_M = 0.22;

/** A road that joins from one side, between two distances. */
export interface SideStreet {
  readonly side: -1 | 1;
  readonly from: number;
  readonly to: number;
}

/** A stretch along one side of the street whose ground behind the sidewalk is grass (or, else, paved). */
export interface GroundStretch {
  readonly side: -1 | 1;
  readonly from: number;
  readonly to: number;
  readonly isGrass: boolean;
}

/** Lateral places are `s`: metres to the right of the road's middle; `z` is the distance ahead. */
export interface StreetPlan {
  /** The middle of the road is at x = bend · z² + sway · sin(z / 40). */
  readonly bend: number;
  readonly sway: number;
  readonly roadHalfWidth: number;
  readonly laneWidth: number;
  /** Lanes in each direction that traffic uses. */
  readonly lanesEachWay: 1 | 2;
  readonly parkingLeft: boolean;
  readonly parkingRight: boolean;
  /** Grass between kerb and sidewalk; 0 is none. */
  readonly vergeLeft: number;
  readonly vergeRight: number;
  readonly sidewalkWidth: number;
  /** The tracks' middles; empty without a tramway. */
  readonly tracks: readonly number[];
  readonly crosswalkAt: number | null;
  readonly sideStreets: readonly SideStreet[];
  readonly stretches: readonly GroundStretch[];
  readonly seed: number;
}

export function roadMiddle(plan: StreetPlan, z: number): number {
  const ahead = Math.max(0, Math.min(z, 220));
  return plan.bend * ahead * ahead + plan.sway * Math.sin(ahead / 40);
}

/** The street's direction at a distance, as an object's heading. */
export function roadHeading(plan: StreetPlan, z: number): number {
  return Math.atan2(roadMiddle(plan, z + 0.5) - roadMiddle(plan, z - 0.5), 1);
}

export function worldFromStreet(plan: StreetPlan, s: number, y: number, z: number): Vec3 {
  return [s + roadMiddle(plan, z), y, z];
}

/** From the road's middle to where the sidewalk ends. */
export function plotLine(plan: StreetPlan, side: -1 | 1): number {
  return plan.roadHalfWidth + (side < 0 ? plan.vergeLeft : plan.vergeRight) + plan.sidewalkWidth;
}

export type GroundZone = "road" | "kerb" | "sidewalk" | "grass";

/** What the ground is at a place of the street; all but the road is raised by KERB_M. */
export function groundZone(plan: StreetPlan, s: number, z: number): GroundZone {
  const beyondKerb = Math.abs(s) - plan.roadHalfWidth;
  if (beyondKerb < 0) return "road";
  const side = s < 0 ? -1 : 1;
  for (const street of plan.sideStreets) {
    if (street.side !== side || z < street.from || z > street.to) continue;
    const inside = Math.min(z - street.from, street.to - z);
    // The corners are rounded: near the main road the opening is wider.
    const corner = Math.max(0, 1.6 - beyondKerb);
    const kerb = 2.2 - (corner * corner) / 1.6;
    if (inside > kerb) return "road";
    if (inside > kerb - KERB_WIDTH_M) return "kerb";
    return "sidewalk";
  }
  if (beyondKerb < KERB_WIDTH_M) return "kerb";
  const verge = side < 0 ? plan.vergeLeft : plan.vergeRight;
  const onCrossing = plan.crosswalkAt !== null && Math.abs(z - plan.crosswalkAt) < 2.4;
  if (beyondKerb < verge) return onCrossing ? "sidewalk" : "grass";
  if (beyondKerb < verge + plan.sidewalkWidth) return "sidewalk";
  for (const stretch of plan.stretches) {
    if (stretch.side === side && z >= stretch.from && z < stretch.to) return stretch.isGrass ? "grass" : "sidewalk";
  }
  return "grass";
}
