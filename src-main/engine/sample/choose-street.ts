// Chooses a street: its bend, lanes, strips, crossing, side streets, and where the camera stands.
import type { Random } from "../random.ts";
import type { GroundStretch, SideStreet, StreetPlan } from "./street-plan.ts";
import { roadHeading, STREET_END_M } from "./street-plan.ts";
import type { CameraPose } from "./view.ts";

/** What stands along one side between two distances. */
export interface Plot {
  readonly side: -1 | 1;
  readonly from: number;
  readonly to: number;
  readonly kind: "houses" | "garden" | "park" | "wall" | "street";
}

/** How a neighbourhood mixes its plots. */
export type Character = "town" | "suburb" | "works";

export interface Street {
  readonly plan: StreetPlan;
  readonly pose: CameraPose;
  readonly character: Character;
  readonly plots: readonly Plot[];
}

const PLOT_WEIGHTS: Record<Character, readonly Plot["kind"][]> = {
  town: ["houses", "houses", "houses", "houses", "houses", "park", "wall"],
  suburb: ["houses", "garden", "garden", "garden", "park", "wall"],
  works: ["houses", "wall", "wall", "garden", "park", "park"],
};

/** Draws the whole plan of a street from the stream. */
export function chooseStreet(random: Random): Street {
  const character = random.pick(["town", "town", "town", "suburb", "suburb", "works"] as const);
  const hasTrack = random.next() < 0.4;
  const lanesEachWay = !hasTrack && random.next() < 0.3 ? 2 : 1;
  const parkingLeft = random.next() < 0.6;
  const parkingRight = random.next() < 0.6;
  const laneWidth = random.uniform(3.1, 3.5);
  const trackWidth = hasTrack ? 3.1 : 0;
  const parking = parkingLeft || parkingRight ? 2.15 : 0;
  const roadHalfWidth = trackWidth + laneWidth * lanesEachWay + parking;
  const crosswalkAt = random.next() < 0.62 ? random.uniform(9, 24) : null;
  const sideStreets = chooseSideStreets(random, crosswalkAt);
  const plots = ([-1, 1] as const).flatMap((side) => choosePlots(random, side, character, sideStreets));
  const bendAmount = random.next() < 0.35 ? 0.0001 : 0.0011;
  const plan: StreetPlan = {
    bend: random.uniform(-bendAmount, bendAmount),
    sway: random.uniform(-1.2, 1.2),
    roadHalfWidth,
    laneWidth,
    lanesEachWay,
    parkingLeft: parking > 0 && parkingLeft,
    parkingRight: parking > 0 && parkingRight,
    vergeLeft: random.next() < 0.42 ? random.uniform(1.4, 2.6) : 0,
    vergeRight: random.next() < 0.42 ? random.uniform(1.4, 2.6) : 0,
    sidewalkWidth: random.uniform(2.2, 4.2),
    tracks: hasTrack ? [-1.55, 1.55] : [],
    crosswalkAt,
    sideStreets,
    stretches: plots.map((plot) => stretchOf(plot, character)),
    seed: random.integer(1 << 20),
  };
  const lane = trackWidth + laneWidth * (lanesEachWay - 0.5);
  const x = lane + random.uniform(-0.4, 0.4);
  const pose: CameraPose = {
    x,
    heightM: random.uniform(1.35, 1.95),
    yaw: roadHeading(plan, 6) * 0.6 + random.uniform(-0.05, 0.03),
    pitch: random.uniform(-0.045, 0.012),
    focal: random.uniform(0.72, 0.86),
  };
  return { plan, pose, character, plots };
}

function stretchOf(plot: Plot, character: Character): GroundStretch {
  const isGrass = plot.kind === "park" || plot.kind === "garden" || (plot.kind === "wall" && character !== "town");
  return { side: plot.side, from: plot.from, to: plot.to, isGrass };
}

function chooseSideStreets(random: Random, crosswalkAt: number | null): SideStreet[] {
  const streets: SideStreet[] = [];
  const width = random.uniform(9.5, 12.5);
  // A crossing usually stands before a junction.
  const first = crosswalkAt !== null ? crosswalkAt + 3.5 : random.uniform(12, 45);
  if (random.next() < 0.75) {
    const side = random.next() < 0.5 ? -1 : 1;
    streets.push({ side, from: first, to: first + width });
    if (random.next() < 0.55) streets.push({ side: side === 1 ? -1 : 1, from: first, to: first + width });
  }
  const second = first + random.uniform(45, 75);
  if (random.next() < 0.6) streets.push({ side: random.next() < 0.5 ? -1 : 1, from: second, to: second + width });
  return streets;
}

function choosePlots(random: Random, side: -1 | 1, character: Character, streets: readonly SideStreet[]): Plot[] {
  const own = streets.filter((street) => street.side === side).sort((a, b) => a.from - b.from);
  const plots: Plot[] = [];
  let z = -8;
  while (z < STREET_END_M) {
    const next = own.find((street) => street.to > z + 0.01);
    if (next && z >= next.from - 0.01) {
      plots.push({ side, from: next.from, to: next.to, kind: "street" });
      z = next.to;
      continue;
    }
    const kind = random.pick(PLOT_WEIGHTS[character]);
    let to = z + random.uniform(14, kind === "houses" ? 34 : 26);
    if (next && to > next.from - 6) to = next.from;
    plots.push({ side, from: z, to, kind });
    z = to;
  }
  return plots;
}
