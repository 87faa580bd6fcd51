// Puts traffic on the road: moving and parked cars, and the rarer vehicles in places where the camera sees them.
import type { Random } from "../random.ts";
import type { Street } from "./choose-street.ts";
import type { SceneGeometry } from "./geometry.ts";
import { addCar } from "./objects/car.ts";
import { addBus, addTram, addTruck } from "./objects/large-vehicle.ts";
import { addBicycle, addMotorcycle } from "./objects/two-wheeler.ts";
import { KERB_M, plotLine, roadHeading, type StreetPlan, worldFromStreet } from "./street-plan.ts";

type VehicleKind = "car" | "truck" | "bus" | "motorcycle" | "bicycle";

/** Room a vehicle needs along its lane, in metres, gap included. */
const ROOM_M: Record<VehicleKind, number> = { car: 7, truck: 11.5, bus: 15, motorcycle: 4.5, bicycle: 4 };

/** A strip that traffic uses. */
interface Lane {
  readonly s: number;
  readonly isOncoming: boolean;
  readonly isParking: boolean;
  /** Vehicles begin here, and are about this far apart on top of their room. */
  readonly start: number;
  readonly gap: number;
}

/** How often each rarer kind is wanted in a scene; a share of the wishes is hidden behind nearer things. */
const WISHES: readonly (readonly [VehicleKind, number])[] = [
  ["truck", 0.4],
  ["bus", 0.46],
  ["motorcycle", 0.5],
  ["bicycle", 0.66],
];

export function buildTraffic(scene: SceneGeometry, street: Street, random: Random): void {
  const { plan } = street;
  const lanes = chooseLanes(plan, random);
  const wishes = chooseWishes(random);
  for (const lane of lanes) fillLane(scene, plan, lane, wishes, random);
  addTramways(scene, plan, random);
  addCrossTraffic(scene, plan, wishes, random);
}

function chooseWishes(random: Random): VehicleKind[] {
  const wishes = WISHES.filter(([, probability]) => random.next() < probability).map(([kind]) => kind);
  // Any order, so that no kind always gets the best place.
  for (let i = wishes.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const [a, b] = [wishes[i], wishes[j]];
    if (a && b) [wishes[i], wishes[j]] = [b, a];
  }
  return wishes;
}

function chooseLanes(plan: StreetPlan, random: Random): Lane[] {
  const inner = plan.tracks.length > 0 ? 3.1 : 0;
  const lanes: Lane[] = [];
  for (let i = 0; i < plan.lanesEachWay; i++) {
    const s = inner + plan.laneWidth * (i + 0.5);
    const isOwn = i === plan.lanesEachWay - 1;
    lanes.push({ s: -s, isOncoming: true, isParking: false, start: random.uniform(9, 20), gap: random.uniform(3, 22) });
    lanes.push({
      s,
      isOncoming: false,
      isParking: false,
      start: isOwn ? random.uniform(13, 30) : random.uniform(9, 18),
      gap: random.uniform(4, 24),
    });
  }
  const parking = plan.roadHalfWidth - 1.1;
  if (plan.parkingLeft)
    lanes.push({
      s: -parking,
      isOncoming: true,
      isParking: true,
      start: random.uniform(5, 9),
      gap: random.uniform(0, 1),
    });
  if (plan.parkingRight)
    lanes.push({
      s: parking,
      isOncoming: false,
      isParking: true,
      start: random.uniform(6, 11),
      gap: random.uniform(0, 1),
    });
  // The nearest places are given out first.
  return lanes.sort((a, b) => a.start - b.start);
}

/** Whether parking or driving here would block a crossing or a junction. */
function isKeptClear(plan: StreetPlan, lane: Lane, z: number, room: number): boolean {
  const { crosswalkAt } = plan;
  if (crosswalkAt !== null && Math.abs(z - crosswalkAt) < room / 2 + 2) return true;
  if (!lane.isParking) return false;
  return plan.sideStreets.some(
    (street) => street.side === Math.sign(lane.s) && z > street.from - room / 2 && z < street.to + room / 2,
  );
}

function fillLane(scene: SceneGeometry, plan: StreetPlan, lane: Lane, wishes: VehicleKind[], random: Random): void {
  let z = lane.start;
  let isFirst = true;
  // Small riders are seen only near the camera: one may use the free road before the first vehicle.
  const rider = lane.isParking || random.next() < 0.25 ? undefined : takeTwoWheeler(wishes);
  const riderAt = lane.isOncoming ? random.uniform(6.5, 10) : random.uniform(7, 10.5);
  if (rider && !isKeptClear(plan, lane, riderAt, 2)) {
    addVehicle(scene, plan, rider, lane, riderAt, random);
    z = Math.max(z, riderAt + 2.5);
  }
  while (z < 120) {
    const kind = chooseKind(lane, wishes, isFirst, random);
    const room = ROOM_M[kind] - (lane.isParking ? 1.2 : 0);
    const middle = z + room / 2 - 1;
    if (isKeptClear(plan, lane, middle, room)) {
      if (wishes.length < 4 && kind !== "car") wishes.push(kind);
      z += 2;
      continue;
    }
    addVehicle(scene, plan, kind, lane, middle, random);
    isFirst = false;
    z += room + (lane.isParking ? lane.gap * (random.next() < 0.25 ? 6 : 1) : lane.gap * random.uniform(0.6, 1.6));
  }
}

function takeTwoWheeler(wishes: VehicleKind[]): VehicleKind | undefined {
  const i = wishes.findIndex((kind) => kind === "bicycle" || kind === "motorcycle");
  return i < 0 ? undefined : wishes.splice(i, 1)[0];
}

function chooseKind(lane: Lane, wishes: VehicleKind[], isFirst: boolean, random: Random): VehicleKind {
  const likes = (kind: VehicleKind): boolean => !(lane.isParking && kind === "bus");
  const wished = wishes.findIndex(likes);
  if (wished >= 0 && random.next() < (isFirst ? 0.7 : 0.4)) return wishes.splice(wished, 1)[0] ?? "car";
  const chance = random.next();
  if (lane.isParking) return chance < 0.05 ? "motorcycle" : chance < 0.065 ? "truck" : "car";
  if (chance < 0.05) return "truck";
  if (chance < 0.08) return "bus";
  if (chance < 0.13) return "motorcycle";
  return chance < 0.2 ? "bicycle" : "car";
}

function addVehicle(
  scene: SceneGeometry,
  plan: StreetPlan,
  kind: VehicleKind,
  lane: Lane,
  z: number,
  random: Random,
): void {
  const heading = roadHeading(plan, z) + (lane.isOncoming ? Math.PI : 0);
  const isDriving = !lane.isParking;
  // Cyclists keep to the edge of their lane.
  const aside = kind === "bicycle" && isDriving ? (lane.isOncoming ? -1 : 1) * 0.95 : random.uniform(-0.2, 0.2);
  const at = worldFromStreet(plan, lane.s + aside, 0, z);
  switch (kind) {
    case "car":
      addCar(scene, at, heading, isDriving ? "driving" : "parked", random);
      return;
    case "truck":
      addTruck(scene, at, heading, isDriving, random);
      return;
    case "bus":
      addBus(scene, at, heading, isDriving, random);
      return;
    case "motorcycle":
      addMotorcycle(scene, at, heading + (isDriving ? 0 : 0.6), isDriving, random);
      return;
    case "bicycle":
      addBicycle(scene, at, heading + (isDriving ? 0 : 1), isDriving, random);
      return;
    default:
      kind satisfies never;
  }
}

function addTramways(scene: SceneGeometry, plan: StreetPlan, random: Random): void {
  const [left, right] = plan.tracks;
  if (left === undefined || right === undefined) return;
  const place = (s: number, z: number, isOncoming: boolean): void => {
    const heading = roadHeading(plan, z) + (isOncoming ? Math.PI : 0);
    addTram(scene, worldFromStreet(plan, s, 0, z), heading, true, random);
  };
  const hasOncoming = random.next() < 0.75;
  if (hasOncoming) place(left, random.uniform(24, 44), true);
  if (!hasOncoming || random.next() < 0.25) place(right, random.uniform(26, 50), false);
}

/** A vehicle that waits in or turns out of a side street and shows its side. */
function addCrossTraffic(scene: SceneGeometry, plan: StreetPlan, wishes: VehicleKind[], random: Random): void {
  for (const street of plan.sideStreets) {
    if (random.next() < 0.25) continue;
    const z = street.from + (street.to - street.from) * (street.side > 0 ? 0.35 : 0.65);
    const s = street.side * (plan.roadHalfWidth + random.uniform(3.4, 7));
    const at = worldFromStreet(plan, s, 0, z);
    const heading = -street.side * (Math.PI / 2) + random.uniform(-0.1, 0.1);
    const kind = wishes.shift() ?? "car";
    if (kind === "truck") addTruck(scene, at, heading, true, random);
    else if (kind === "bus") addBus(scene, worldFromStreet(plan, s + street.side * 3, 0, z), heading, true, random);
    else if (kind === "motorcycle") addMotorcycle(scene, at, heading, true, random);
    else if (kind === "bicycle") addBicycle(scene, at, heading, true, random);
    else addCar(scene, at, heading, "driving", random);
  }
  // Whatever found no place on the road stands or rides on the sidewalk's edge.
  for (const kind of wishes) {
    if (kind !== "bicycle" && kind !== "motorcycle") continue;
    const side = random.next() < 0.5 ? -1 : 1;
    const at = worldFromStreet(plan, side * (plotLine(plan, side) - 0.8), KERB_M, random.uniform(8, 15));
    if (kind === "bicycle") addBicycle(scene, at, side > 0 ? 0 : Math.PI, true, random);
    else addMotorcycle(scene, at, 0.5, false, random);
  }
}
