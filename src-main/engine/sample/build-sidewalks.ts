// Puts up what stands and walks on the sidewalks: lamps, signs, traffic lights, trees, bins, people, parked bicycles.
import type { Random } from "../random.ts";
import type { Street } from "./choose-street.ts";
import type { SceneGeometry, Vec3 } from "./geometry.ts";
import { addRailing } from "./objects/barrier.ts";
import {
  addBench,
  addBin,
  addBollard,
  addDirectionBoard,
  addPole,
  addStreetLamp,
  addTrafficLight,
  addTrafficSign,
} from "./objects/furniture.ts";
import { addPerson } from "./objects/person.ts";
import { addBicycle, addMotorcycle } from "./objects/two-wheeler.ts";
import { addTree } from "./objects/vegetation.ts";
import { KERB_M, plotLine, roadHeading, type StreetPlan, worldFromStreet } from "./street-plan.ts";

const SIDES = [-1, 1] as const;
type Side = -1 | 1;

export function buildSidewalks(scene: SceneGeometry, street: Street, random: Random): void {
  const { plan } = street;
  const lampHeight = random.uniform(6, 8);
  const isWarm = random.next() < 0.6;
  for (const side of SIDES) {
    addLampRow(scene, plan, side, lampHeight, isWarm, random);
    if (random.next() < 0.62) addTreeRow(scene, plan, side, random);
    addSigns(scene, plan, side, random);
    addSmallThings(scene, plan, side, random);
    addParkedTwoWheelers(scene, plan, side, random);
    addPeople(scene, street, side, random);
  }
  addCrossing(scene, plan, random);
}

const isFree = (plan: StreetPlan, side: Side, z: number): boolean =>
  !plan.sideStreets.some((street) => street.side === side && z > street.from - 0.5 && z < street.to + 0.5);

/** A place beside the kerb, `inset` metres behind it. */
function byKerb(plan: StreetPlan, side: Side, inset: number, z: number): Vec3 {
  return worldFromStreet(plan, side * (plan.roadHalfWidth + inset), KERB_M, z);
}

function addLampRow(
  scene: SceneGeometry,
  plan: StreetPlan,
  side: Side,
  height: number,
  isWarm: boolean,
  random: Random,
): void {
  const spacing = random.uniform(20, 28);
  for (let z = random.uniform(5, 16); z < 130; z += spacing) {
    if (!isFree(plan, side, z)) continue;
    addStreetLamp(scene, byKerb(plan, side, 0.5, z), side === 1 ? -1 : 1, height, isWarm);
  }
}

function addTreeRow(scene: SceneGeometry, plan: StreetPlan, side: Side, random: Random): void {
  const spacing = random.uniform(8, 14);
  const height = random.uniform(5, 8.5);
  for (let z = random.uniform(6, 14); z < 110; z += spacing * random.uniform(0.85, 1.2)) {
    if (!isFree(plan, side, z)) continue;
    addTree(
      scene,
      byKerb(plan, side, 1.05, z),
      height * random.uniform(0.85, 1.15),
      z < 25 ? 1 : z < 60 ? 0.5 : 0.15,
      random,
    );
  }
}

function addSigns(scene: SceneGeometry, plan: StreetPlan, side: Side, random: Random): void {
  const facing = Math.PI + random.uniform(-0.2, 0.2);
  for (let z = random.uniform(7.5, 14); z < 70; z += random.uniform(8, 20)) {
    if (!isFree(plan, side, z) || random.next() < 0.15) continue;
    addTrafficSign(scene, byKerb(plan, side, random.uniform(0.45, 0.8), z), facing, random);
  }
  if (random.next() < 0.22) {
    const z = random.uniform(16, 30);
    // The arm reaches over the road: objects that face the camera have their right on our left.
    if (isFree(plan, side, z)) addDirectionBoard(scene, byKerb(plan, side, 0.6, z), Math.PI, side * 4.2, random);
  }
}

function addSmallThings(scene: SceneGeometry, plan: StreetPlan, side: Side, random: Random): void {
  for (let z = random.uniform(6, 20); z < 60; z += random.uniform(12, 26)) {
    if (!isFree(plan, side, z)) continue;
    if (random.next() < 0.6) addBin(scene, byKerb(plan, side, 0.75, z), random);
    else addBench(scene, byKerb(plan, side, 0.9, z), (side * Math.PI) / 2);
  }
  if (random.next() < 0.4) {
    const start = random.uniform(5, 16);
    for (let i = 0; i < 7; i++) {
      const z = start + i * 1.8;
      if (isFree(plan, side, z)) addBollard(scene, byKerb(plan, side, 0.42, z));
    }
  } else if (random.next() < 0.25) {
    const z = random.uniform(7, 14);
    if (isFree(plan, side, z) && isFree(plan, side, z + 12))
      addRailing(scene, byKerb(plan, side, 0.4, z), byKerb(plan, side, 0.4, z + 12));
  }
  if (plan.tracks.length > 0) {
    for (let z = random.uniform(8, 20); z < 120; z += 24) {
      if (isFree(plan, side, z)) addPole(scene, byKerb(plan, side, 0.6, z), 7.2, 0.11);
    }
  }
}

function addParkedTwoWheelers(scene: SceneGeometry, plan: StreetPlan, side: Side, random: Random): void {
  if (random.next() < 0.42) {
    const start = random.uniform(7.5, 15);
    const count = 2 + random.integer(4);
    const heading = side * random.uniform(0.7, 1.5);
    for (let i = 0; i < count; i++) {
      const z = start + i * 0.75;
      if (isFree(plan, side, z))
        addBicycle(scene, byKerb(plan, side, 1.15, z), heading + random.uniform(-0.15, 0.15), false, random);
    }
  }
  if (random.next() < 0.24) {
    const z = random.uniform(7.5, 14);
    const count = 1 + random.integer(3);
    for (let i = 0; i < count; i++) {
      if (isFree(plan, side, z + i))
        addMotorcycle(scene, byKerb(plan, side, 1.2, z + i), side * random.uniform(0.5, 1.2), false, random);
    }
  }
}

function addPeople(scene: SceneGeometry, street: Street, side: Side, random: Random): void {
  const { plan, character } = street;
  const crowd = character === "town" ? random.integer(9) + 2 : random.integer(5) + 1;
  const [inner, outer] = [
    plan.roadHalfWidth + (side < 0 ? plan.vergeLeft : plan.vergeRight) + 0.6,
    plotLine(plan, side) - 0.4,
  ];
  for (let i = 0; i < crowd; i++) {
    // More of them near, where they can be seen.
    const z = 6 + 40 * random.next() ** 1.7;
    const heading = random.next() < 0.5 ? 0 : Math.PI;
    const s = side * random.uniform(inner, outer);
    const isWalking = random.next() < 0.8;
    const turn = roadHeading(plan, z) + heading + random.uniform(-0.25, 0.25);
    if (isFree(plan, side, z)) addPerson(scene, worldFromStreet(plan, s, KERB_M, z), turn, isWalking, random);
  }
}

function addCrossing(scene: SceneGeometry, plan: StreetPlan, random: Random): void {
  const at = plan.crosswalkAt;
  if (at === null) return;
  const walkers = random.integer(4);
  for (let i = 0; i < walkers; i++) {
    const s = random.uniform(-plan.roadHalfWidth, plan.roadHalfWidth);
    const heading = (random.next() < 0.5 ? 1 : -1) * (Math.PI / 2);
    addPerson(scene, worldFromStreet(plan, s, 0, at + random.uniform(-1.2, 1.2)), heading, true, random);
  }
  if (random.next() < 0.12) return;
  const mast = random.next() < 0.6 ? Math.min(5, plan.roadHalfWidth * 0.6) : 0;
  // Lights before the crossing for us, and beyond it on the left; both face the camera.
  addTrafficLight(scene, byKerb(plan, 1, 0.45, at - 2.1), Math.PI, mast, random);
  addTrafficLight(scene, byKerb(plan, -1, 0.45, at + 2.4), Math.PI, 0, random);
  if (random.next() < 0.5) addTrafficLight(scene, byKerb(plan, 1, 0.45, at + 16), Math.PI, 0, random);
}
