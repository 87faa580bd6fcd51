// The ground plan: strips from the road's middle outwards, and the class a ray finds there.
import { describe, expect, it } from "vitest";
import { type GroundHit, hitGround } from "../../../../src-main/engine/sample/ground.ts";
import { groundZone, KERB_M, roadMiddle, type StreetPlan } from "../../../../src-main/engine/sample/street-plan.ts";

const PLAN: StreetPlan = {
  bend: 0.001,
  sway: 0,
  roadHalfWidth: 4,
  laneWidth: 3.2,
  lanesEachWay: 1,
  parkingLeft: false,
  parkingRight: false,
  vergeLeft: 0,
  vergeRight: 2,
  sidewalkWidth: 3,
  tracks: [],
  crosswalkAt: null,
  sideStreets: [{ side: -1, from: 30, to: 40 }],
  stretches: [{ side: -1, from: -8, to: 30, isGrass: false }],
  seed: 1,
};

describe("groundZone", () => {
  it("goes from road over kerb, verge and sidewalk to the plots", () => {
    const zones = [0, 4.1, 5, 7.5, 12].map((s) => groundZone(PLAN, s, 10));
    expect(zones).toEqual(["road", "kerb", "grass", "sidewalk", "grass"]);
    expect(groundZone(PLAN, -12, 10)).toBe("sidewalk");
  });

  it("opens the sidewalk where a side street joins", () => {
    expect(groundZone(PLAN, -6, 35)).toBe("road");
    expect(groundZone(PLAN, -20, 35)).toBe("road");
    expect(groundZone(PLAN, 7.5, 35)).toBe("sidewalk");
  });
});

describe("hitGround", () => {
  const hit: GroundHit = { depth: 0, x: 0, y: 0, z: 0, s: 0, kind: "road" };

  it("misses the ground above the horizon", () => {
    expect(hitGround(PLAN, [0, 1.5, 0], 0, 0.01, 1, hit)).toBe(false);
  });

  it("meets the road at the depth where the ray has come down", () => {
    expect(hitGround(PLAN, [0, 1.5, 0], 0, -0.15, 1, hit)).toBe(true);
    expect(hit.kind).toBe("road");
    expect(hit.depth).toBeCloseTo(10, 9);
    expect(hit.s).toBeCloseTo(-roadMiddle(PLAN, 10), 9);
  });

  it("meets raised ground before the road's level, and the kerb's side in between", () => {
    expect(hitGround(PLAN, [0, 1.5, 0], 0.9, -0.15, 1, hit)).toBe(true);
    expect(hit.y).toBeCloseTo(KERB_M, 9);
    expect(hitGround(PLAN, [0, 1.5, 0], 0.415, -0.15, 1, hit)).toBe(true);
    expect(hit.kind).toBe("kerbFace");
  });
});
