// Builds what stands behind the sidewalks: rows of houses, gardens, parks, walls, and the street's far end.
import type { Random } from "../random.ts";
import type { Character, Plot, Street } from "./choose-street.ts";
import type { SceneGeometry, Vec3 } from "./geometry.ts";
import { addFence, addWall } from "./objects/barrier.ts";
import { addBuilding, addSkyline } from "./objects/building.ts";
import { addBush, addConifer, addHedge, addTree } from "./objects/vegetation.ts";
import { KERB_M, plotLine, STREET_END_M, type StreetPlan, worldFromStreet } from "./street-plan.ts";

/** Builds every plot of the street and closes its end. */
export function buildPlots(scene: SceneGeometry, street: Street, random: Random): void {
  for (const plot of street.plots) buildPlot(scene, street, plot, random);
  buildEnd(scene, street.plan, random);
}

function buildPlot(scene: SceneGeometry, street: Street, plot: Plot, random: Random): void {
  switch (plot.kind) {
    case "houses":
      buildHouses(scene, street, plot, random);
      return;
    case "garden":
      buildGarden(scene, street, plot, random);
      return;
    case "park":
      buildPark(scene, street, plot, random);
      return;
    case "wall":
      buildWalled(scene, street, plot, random);
      return;
    case "street":
      closeSideStreet(scene, street.plan, plot, random);
      return;
    default:
      plot.kind satisfies never;
  }
}

/** Broad leaves need fewer clumps far away. */
const treeDetail = (z: number): number => (z < 25 ? 1 : z < 60 ? 0.5 : 0.15);

const FLOORS: Record<Character, readonly number[]> = {
  town: [3, 4, 4, 5, 5, 6],
  suburb: [2, 2, 3],
  works: [2, 3, 4, 5],
};

function buildHouses(scene: SceneGeometry, street: Street, plot: Plot, random: Random): void {
  const { plan, character } = street;
  const front = plotLine(plan, plot.side);
  for (let z = plot.from; z < plot.to - 3; ) {
    const left = plot.to - z;
    const width = left < 14 ? left : Math.min(left, random.uniform(8, 16));
    const floors = random.pick(FLOORS[character]);
    const roof = character === "suburb" ? "gable" : random.pick(["flat", "flat", "mansard", "gable"] as const);
    const hasShops = character === "town" && random.next() < 0.5;
    addBuilding(
      scene,
      plan,
      { side: plot.side, front, depth: 11, from: z, to: z + width, floors, hasShops, roof },
      random,
    );
    z += width;
  }
}

/** Both ends of a stretch along the plot line, `inset` metres behind it. */
function alongFront(plan: StreetPlan, plot: Plot, inset: number, from = plot.from, to = plot.to): [Vec3, Vec3] {
  const s = plot.side * (plotLine(plan, plot.side) + inset);
  return [worldFromStreet(plan, s, KERB_M, from), worldFromStreet(plan, s, KERB_M, to)];
}

type BarrierKind = "hedge" | "fence" | "wall";

/** A barrier along the front in pieces short enough to follow the bend. */
function addBarrier(
  scene: SceneGeometry,
  plan: StreetPlan,
  plot: Plot,
  kind: BarrierKind,
  height: number,
  random: Random,
): void {
  const pieces = Math.max(1, Math.round((plot.to - plot.from) / 16));
  const step = (plot.to - plot.from) / pieces;
  // One look for the whole run: every piece starts the same stream again.
  const look = random.integer(1 << 20);
  for (let i = 0; i < pieces; i++) {
    const [from, to] = alongFront(plan, plot, 0.3, plot.from + i * step, plot.from + (i + 1) * step);
    const stream = streamOf(look, random);
    if (kind === "hedge") addHedge(scene, from, to, height, stream);
    else if (kind === "fence") addFence(scene, from, to, height, stream);
    else addWall(scene, from, to, height, stream);
  }
}

/** The stream itself, but with its choices fixed by `look`. */
function streamOf(look: number, random: Random): Random {
  return {
    ...random,
    integer: (n) => look % n,
    pick<T>(items: readonly T[]): T {
      return items[look % items.length] as T; // in range: callers pass lists that are not empty
    },
  };
}

function buildGarden(scene: SceneGeometry, street: Street, plot: Plot, random: Random): void {
  const { plan } = street;
  const barrier = random.pick(["hedge", "fence", "fence", "fence", "wall"] as const);
  addBarrier(scene, plan, plot, barrier, random.uniform(0.9, 1.6), random);
  const front = plotLine(plan, plot.side) + random.uniform(5, 9);
  const gap = Math.min(3, (plot.to - plot.from) * 0.15);
  const floors = 1 + random.integer(3);
  addBuilding(
    scene,
    plan,
    {
      side: plot.side,
      front,
      depth: 10,
      from: plot.from + gap,
      to: plot.to - gap,
      floors,
      hasShops: false,
      roof: "gable",
    },
    random,
  );
  for (let z = plot.from + 2; z < plot.to - 1; z += random.uniform(3, 7)) {
    const s = plot.side * (plotLine(plan, plot.side) + random.uniform(1.6, 3.6));
    const at = worldFromStreet(plan, s, KERB_M, z);
    if (random.next() < 0.45) addTree(scene, at, random.uniform(4, 7), treeDetail(z) * 0.7, random);
    else addBush(scene, at, random.uniform(0.8, 1.5), random);
  }
}

function buildPark(scene: SceneGeometry, street: Street, plot: Plot, random: Random): void {
  const { plan } = street;
  const edge = random.pick(["none", "none", "hedge", "fence", "fence"] as const);
  if (edge !== "none") addBarrier(scene, plan, plot, edge, random.uniform(0.9, 1.5), random);
  const front = plotLine(plan, plot.side);
  for (let z = plot.from + 1.5; z < plot.to; z += random.uniform(4, 7.5)) {
    const at = worldFromStreet(plan, plot.side * (front + random.uniform(2.2, 7)), KERB_M, z);
    if (random.next() < 0.2) addConifer(scene, at, random.uniform(6, 11), random);
    else addTree(scene, at, random.uniform(6, 10.5), treeDetail(z), random);
    const behind = worldFromStreet(plan, plot.side * (front + random.uniform(10, 15)), KERB_M, z + 2);
    addTree(scene, behind, random.uniform(8, 12), treeDetail(z) * 0.5, random);
  }
  for (let z = plot.from; z < plot.to; z += 3.2) {
    const at = worldFromStreet(plan, plot.side * (front + random.uniform(15, 20)), KERB_M, z);
    addBush(scene, at, random.uniform(2, 3.6), random);
  }
}

function buildWalled(scene: SceneGeometry, street: Street, plot: Plot, random: Random): void {
  const { plan, character } = street;
  addBarrier(scene, plan, plot, "wall", random.uniform(1.5, 2.9), random);
  const front = plotLine(plan, plot.side);
  if (random.next() < 0.6) {
    const floors = random.pick(FLOORS[character]);
    const house = {
      side: plot.side,
      front: front + 8,
      depth: 10,
      from: plot.from + 1,
      to: plot.to - 1,
      floors,
      hasShops: false,
    };
    addBuilding(scene, plan, { ...house, roof: random.pick(["flat", "gable"] as const) }, random);
  }
  for (let z = plot.from + 2; z < plot.to; z += random.uniform(4, 8)) {
    const at = worldFromStreet(plan, plot.side * (front + random.uniform(2.5, 5)), KERB_M, z);
    addTree(scene, at, random.uniform(5, 9), treeDetail(z) * 0.8, random);
  }
}

/** Houses and trees at the far end of a side street, so that it does not lead into the void. */
function closeSideStreet(scene: SceneGeometry, plan: StreetPlan, plot: Plot, random: Random): void {
  const away = plotLine(plan, plot.side) + random.uniform(38, 55);
  addBuilding(
    scene,
    plan,
    {
      side: plot.side,
      front: away,
      depth: 11,
      from: plot.from - 26,
      to: plot.to + 26,
      floors: 3 + random.integer(3),
      hasShops: false,
      roof: "gable",
    },
    random,
  );
  for (let out = 16; out < away - plotLine(plan, plot.side) - 4; out += 9) {
    const s = plot.side * (plotLine(plan, plot.side) + out);
    addTree(scene, worldFromStreet(plan, s, KERB_M, plot.to - 0.8), random.uniform(5, 8), 0.3, random);
  }
}

function buildEnd(scene: SceneGeometry, plan: StreetPlan, random: Random): void {
  addSkyline(scene, plan, STREET_END_M + 15, random);
  const [middle] = worldFromStreet(plan, 0, 0, STREET_END_M + 10);
  for (let x = middle - 110; x < middle + 110; x += random.uniform(5, 12)) {
    if (random.next() < 0.35) continue;
    addTree(scene, [x, 0, STREET_END_M + random.uniform(2, 14)], random.uniform(7, 14), 0, random);
  }
}
