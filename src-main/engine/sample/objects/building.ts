// Buildings along the street: facades with windows, doors and shops, roofs, awnings.
import type { Random } from "../../random.ts";
import { ObjectFrame, type SceneGeometry, type Vec3 } from "../geometry.ts";
import { fractalNoise, hashUnit, smoothStep } from "../noise.ts";
import { type StreetPlan, worldFromStreet } from "../street-plan.ts";
import { type Color, colorFromHex, LABEL, matte, mixColors, type ShadePoint, type Surface } from "../surface.ts";

const WALL_COLORS = [
  0xb9a58a, 0xc9b79c, 0xa8705a, 0x8f5a48, 0xd3cbbd, 0xbfae9f, 0x9a8f86, 0xc7a27c, 0xd9c9a3, 0xaab0ae, 0x8d7663,
  0xc98f6b, 0xb5b9bd, 0xe0d8c8, 0x9c4f42, 0xcfa98b,
].map(colorFromHex);
const TRIM_COLORS = [0xe8e4da, 0xd8d2c4, 0x6d645c, 0xf1efe9].map(colorFromHex);
const ROOF_COLORS = [0x7a4336, 0x8a4d3a, 0x4c4a4b, 0x5d5148, 0x3f444a].map(colorFromHex);
const SHOP_COLORS = [0x8c2f2b, 0x27506b, 0x2f5d46, 0xc08a2e, 0x3b3b40, 0x6e3a5e, 0xb9b4a8].map(colorFromHex);
const LIT_COLORS: readonly Color[] = [
  [1, 0.62, 0.25],
  [1, 0.72, 0.4],
  [0.95, 0.85, 0.65],
  [0.7, 0.85, 1],
];

/** How one house's facade looks. */
interface Facade {
  readonly seed: number;
  readonly wall: Color;
  readonly trim: Color;
  readonly shop: Color;
  readonly style: "plaster" | "brick" | "panels";
  readonly floorHeight: number;
  readonly bayWidth: number;
  readonly windowWidth: number;
  readonly windowHeight: number;
  readonly sill: number;
  readonly floors: number;
  readonly hasShops: boolean;
}

function chooseFacade(random: Random, floors: number, hasShops: boolean): Facade {
  const style = random.pick(["plaster", "plaster", "brick", "panels"] as const);
  const bayWidth = random.uniform(2.2, 3.6);
  const floorHeight = random.uniform(2.9, 3.6);
  return {
    seed: random.integer(1 << 20),
    wall: random.pick(WALL_COLORS),
    trim: random.pick(TRIM_COLORS),
    shop: random.pick(SHOP_COLORS),
    style,
    floorHeight,
    bayWidth,
    windowWidth: bayWidth * (style === "panels" ? random.uniform(0.65, 0.88) : random.uniform(0.38, 0.55)),
    windowHeight: floorHeight * random.uniform(0.48, 0.62),
    sill: floorHeight * random.uniform(0.22, 0.3),
    floors,
    hasShops,
  };
}

function facadeSurface(facade: Facade): Surface {
  return { label: LABEL.building, shade: (point) => shadeFacade(facade, point) };
}

function shadeFacade(facade: Facade, point: ShadePoint): void {
  const { u, v } = point;
  shadeWall(facade, point);
  // Rain runs down from sills and gathers dirt at the foot.
  const foot = smoothStep(1.2, 0, v) * 0.25;
  const streaks = 0.16 * smoothStep(0.5, 0.8, fractalNoise(u * 1.7, v * 0.12, 2, facade.seed + 2));
  const grime = 1 - foot - streaks;
  point.r *= grime;
  point.g *= grime;
  point.b *= grime;
  const floor = Math.floor(v / facade.floorHeight);
  if (floor >= facade.floors) return;
  const up = v - floor * facade.floorHeight;
  const bay = Math.floor(u / facade.bayWidth);
  const across = u - (bay + 0.5) * facade.bayWidth;
  if (floor === 0) {
    shadeGroundFloor(facade, point, bay, across, up);
    return;
  }
  if (up < 0.16 && facade.style !== "panels") {
    point.paint(facade.trim, up < 0.05 ? 0.65 : 0.95);
    return;
  }
  shadeWindow(facade, point, across, up - facade.sill, facade.windowWidth, facade.windowHeight, bay * 64 + floor);
}

function shadeWall(facade: Facade, point: ShadePoint): void {
  const { u, v, footprint } = point;
  const blotches = fractalNoise(u * 0.5, v * 0.5, 3, facade.seed) - 0.5;
  let brightness = 1 + 0.35 * blotches;
  if (facade.style === "brick") {
    const visible = 1 - smoothStep(0.015, 0.09, footprint);
    const row = Math.floor(v / 0.09);
    const column = u / 0.26 + (row % 2) * 0.5;
    const tone = hashUnit(Math.floor(column), row, facade.seed) - 0.5;
    const isJoint = v / 0.09 - row < 0.16 || column - Math.floor(column) < 0.06;
    brightness += visible * (isJoint ? 0.3 : 0.45 * tone);
  }
  if (facade.style === "panels") {
    const visible = 1 - smoothStep(0.03, 0.15, footprint);
    const inPanel = v / facade.floorHeight - Math.floor(v / facade.floorHeight);
    if (inPanel < 0.012) brightness -= 0.35 * visible;
    brightness +=
      0.12 * (hashUnit(Math.floor(u / facade.bayWidth), Math.floor(v / facade.floorHeight), facade.seed) - 0.5);
  }
  point.paint(facade.wall, brightness);
}

function shadeGroundFloor(facade: Facade, point: ShadePoint, bay: number, across: number, up: number): void {
  const kind = hashUnit(bay, 7, facade.seed);
  if (facade.hasShops) {
    shadeShop(facade, point, bay, across, up);
    return;
  }
  if (kind < 0.24) {
    shadeDoor(facade, point, across, up);
    return;
  }
  if (up < 0.5) {
    point.paint(mixColors(facade.wall, [0.16, 0.155, 0.15], 0.75), up > 0.46 ? 0.7 : 1);
    return;
  }
  shadeWindow(facade, point, across, up - facade.sill - 0.2, facade.windowWidth, facade.windowHeight, bay * 64);
}

function shadeShop(facade: Facade, point: ShadePoint, bay: number, across: number, up: number): void {
  const half = facade.bayWidth / 2;
  const top = facade.floorHeight - 0.75;
  if (up > top + 0.1) {
    // The sign board, with something like letters on it.
    const letters = point.footprint < 0.09 && Math.abs(across) < half * 0.7 && up > top + 0.28 && up < top + 0.56;
    const isInk = letters && hashUnit(Math.floor(across / 0.13), Math.floor(up / 0.14), facade.seed + bay) < 0.5;
    point.paint(isInk ? [0.75, 0.72, 0.62] : facade.shop);
    if (isInk) point.glow([1, 0.8, 0.5], 1.3 * point.darkness);
    return;
  }
  if (Math.abs(across) > half - 0.13 || up > top || up < 0.35) {
    point.paint(facade.shop, up < 0.35 ? 0.6 : 0.85);
    return;
  }
  const goods = fractalNoise(across * 2.2 + bay * 9, up * 2.2, 3, facade.seed + 50);
  point.paint(mixColors([0.02, 0.024, 0.03], [0.22, 0.17, 0.12], up < 1.6 ? goods * goods : 0.1));
  point.gloss = 0.3;
  const isOpen = hashUnit(Math.floor(bay / 3), 8, facade.seed) < 0.6;
  if (isOpen) point.glow([1, 0.78, 0.48], point.darkness * (up > 1.9 ? 0.85 : 0.15 + 1.3 * goods * goods));
}

function shadeDoor(facade: Facade, point: ShadePoint, across: number, up: number): void {
  if (Math.abs(across) > 0.75 || up > 2.55) return;
  if (Math.abs(across) > 0.6 || up > 2.4) {
    point.paint(facade.trim, 0.9);
    return;
  }
  const isPane = Math.abs(Math.abs(across) - 0.3) < 0.2 && up > 1.1 && up < 2.2;
  point.paint(isPane ? [0.02, 0.02, 0.025] : facade.shop, 0.7);
  point.gloss = isPane ? 0.4 : 0.05;
  if (isPane) point.glow([1, 0.7, 0.35], 0.8 * point.darkness);
}

function shadeWindow(
  facade: Facade,
  point: ShadePoint,
  across: number,
  up: number,
  width: number,
  height: number,
  key: number,
): void {
  const outside = Math.max(Math.abs(across) - width / 2, -up, up - height);
  if (outside > 0.14) return;
  if (outside > 0) {
    // Sill below, surround elsewhere.
    if (facade.style !== "panels" || up < 0) point.paint(facade.trim, up < 0 ? 1.05 : 0.9);
    return;
  }
  const frame = outside > -0.06 || Math.abs(across) < 0.035 || Math.abs(up - height * 0.68) < 0.03;
  if (frame) {
    point.paint(facade.trim, 0.85);
    return;
  }
  const kind = hashUnit(key, 3, facade.seed);
  const isCurtained = kind < 0.4 && Math.abs(across) > width * 0.24;
  const isBlind = kind > 0.82 && up > height * (0.3 + 2 * (kind - 0.82));
  // Reveals shade the top and one side of the pane.
  const reveal = up > height - 0.22 ? 0.5 : 1;
  if (isBlind) point.paint([0.42, 0.4, 0.37], reveal);
  else if (isCurtained) point.paint([0.36, 0.35, 0.33], reveal);
  else point.paint([0.022, 0.027, 0.034], reveal);
  point.gloss = isBlind || isCurtained ? 0.22 : 0.5;
  if (hashUnit(key, 4, facade.seed) < 0.36) {
    const color = LIT_COLORS[Math.floor(hashUnit(key, 5, facade.seed) * LIT_COLORS.length)] ?? LIT_COLORS[0];
    if (color) point.glow(color, point.darkness * (isBlind ? 0.35 : 1) * (0.7 + 0.9 * hashUnit(key, 6, facade.seed)));
  }
}

function roofSurface(color: Color, seed: number): Surface {
  return {
    label: LABEL.building,
    shade(point) {
      const visible = 1 - smoothStep(0.03, 0.2, point.footprint);
      const row = Math.floor(point.v / 0.32);
      const tile = hashUnit(Math.floor(point.u / 0.24 + (row % 2) * 0.5), row, seed) - 0.5;
      const edge = point.v / 0.32 - row < 0.18 ? -0.3 : 0;
      point.paint(
        color,
        1 + visible * (0.4 * tile + edge) + 0.3 * (fractalNoise(point.u * 0.4, point.v * 0.4, 2, seed) - 0.5),
      );
      point.gloss = 0.02;
    },
  };
}

/** Where a building stands: from the plot line outwards, between two distances. */
export interface BuildingPlot {
  readonly side: -1 | 1;
  /** |s| of the front. */
  readonly front: number;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly floors: number;
  readonly hasShops: boolean;
  readonly roof: "flat" | "gable" | "mansard";
}

/** Builds one house into the scene. */
export function addBuilding(scene: SceneGeometry, plan: StreetPlan, plot: BuildingPlot, random: Random): void {
  const facade = chooseFacade(random, plot.floors, plot.hasShops);
  const surface = facadeSurface(facade);
  const frame = new ObjectFrame(scene, [0, 0, 0]);
  const height = plot.floors * facade.floorHeight + 0.4;
  const at = (out: number, y: number, z: number): Vec3 => worldFromStreet(plan, plot.side * (plot.front + out), y, z);
  const { from, to, depth } = plot;
  frame.quad(surface, at(0, 0, from), at(0, 0, to), at(0, height, to), at(0, height, from));
  frame.quad(surface, at(depth, 0, from), at(0, 0, from), at(0, height, from), at(depth, height, from));
  frame.quad(surface, at(depth, 0, to), at(0, 0, to), at(0, height, to), at(depth, height, to));
  const roof = roofSurface(random.pick(ROOF_COLORS), facade.seed);
  if (plot.roof === "gable") addGable(frame, at, plot, height, roof, surface, random);
  else if (plot.roof === "mansard") addMansard(frame, at, plot, height, roof);
  else addCornice(frame, at, plot, height, matte(LABEL.building, facade.trim, facade.seed));
  if (plot.hasShops) addAwnings(frame, at, plot, facade, random);
}

type PlaceOnPlot = (out: number, y: number, z: number) => Vec3;

function addGable(
  frame: ObjectFrame,
  at: PlaceOnPlot,
  plot: BuildingPlot,
  height: number,
  roof: Surface,
  wall: Surface,
  random: Random,
): void {
  const { from, to, depth } = plot;
  const ridge = height + depth * random.uniform(0.28, 0.42);
  const eave = 0.4;
  frame.quad(
    roof,
    at(-eave, height - 0.25, from),
    at(-eave, height - 0.25, to),
    at(depth / 2, ridge, to),
    at(depth / 2, ridge, from),
  );
  frame.quad(
    roof,
    at(depth, height, from),
    at(depth, height, to),
    at(depth / 2, ridge, to),
    at(depth / 2, ridge, from),
  );
  for (const z of [from, to]) {
    frame.polygon(
      wall,
      [at(0, height, z), at(depth, height, z), at(depth / 2, ridge, z)],
      [
        [0, 90],
        [depth, 90],
        [depth / 2, 93],
      ],
    );
  }
  const chimney = from + (to - from) * random.uniform(0.2, 0.8);
  const brick = matte(LABEL.building, [0.2, 0.1, 0.075], 3, 0.5);
  const [x0, x1] = [depth * 0.4, depth * 0.4 + 0.7];
  const top = ridge + 0.9;
  const [z0, z1] = [chimney, chimney + 0.8];
  frame.quad(brick, at(x0, height, z0), at(x0, height, z1), at(x0, top, z1), at(x0, top, z0));
  frame.quad(brick, at(x1, height, z0), at(x0, height, z0), at(x0, top, z0), at(x1, top, z0));
}

function addMansard(frame: ObjectFrame, at: PlaceOnPlot, plot: BuildingPlot, height: number, roof: Surface): void {
  const { from, to, depth } = plot;
  const top = height + 2.6;
  frame.quad(roof, at(-0.25, height, from), at(-0.25, height, to), at(1.5, top, to), at(1.5, top, from));
  frame.quad(roof, at(depth, height, from), at(-0.25, height, from), at(1.5, top, from), at(depth - 1.5, top, from));
  frame.quad(roof, at(depth, height, to), at(-0.25, height, to), at(1.5, top, to), at(depth - 1.5, top, to));
}

function addCornice(frame: ObjectFrame, at: PlaceOnPlot, plot: BuildingPlot, height: number, trim: Surface): void {
  const { from, to, depth } = plot;
  const top = height + 0.45;
  const out = -0.35;
  frame.quad(trim, at(out, height, from), at(out, height, to), at(out, top, to), at(out, top, from));
  frame.quad(trim, at(out, height, from), at(out, height, to), at(0, height - 0.2, to), at(0, height - 0.2, from));
  frame.quad(trim, at(depth, height, from), at(out, height, from), at(out, top, from), at(depth, top, from));
}

function addAwnings(frame: ObjectFrame, at: PlaceOnPlot, plot: BuildingPlot, facade: Facade, random: Random): void {
  const length = plot.to - plot.from;
  const bays = Math.floor(length / facade.bayWidth);
  for (let bay = 0; bay < bays; bay++) {
    if (random.next() > 0.4) continue;
    const [z0, z1] = [plot.from + bay * facade.bayWidth + 0.15, plot.from + (bay + 1) * facade.bayWidth - 0.15];
    const [high, low] = [facade.floorHeight - 0.7, facade.floorHeight - 1.15];
    const stripes = awningSurface(random.pick(SHOP_COLORS));
    frame.quad(stripes, at(-1.1, low, z0), at(-1.1, low, z1), at(0, high, z1), at(0, high, z0));
    frame.quad(stripes, at(-1.1, low - 0.18, z0), at(-1.1, low - 0.18, z1), at(-1.1, low, z1), at(-1.1, low, z0));
  }
}

function awningSurface(color: Color): Surface {
  return {
    label: LABEL.building,
    shade(point) {
      const isStripe = point.u / 0.5 - Math.floor(point.u / 0.5) < 0.5;
      point.paint(isStripe ? color : [0.62, 0.6, 0.55]);
    },
  };
}

/** A row of plain far houses that closes the end of the street. */
export function addSkyline(scene: SceneGeometry, plan: StreetPlan, end: number, random: Random): void {
  const frame = new ObjectFrame(scene, [0, 0, 0]);
  const [middle] = worldFromStreet(plan, 0, 0, end);
  for (let x = middle - 150; x < middle + 150; ) {
    const width = random.uniform(10, 24);
    const floors = 2 + random.integer(6);
    const facade = chooseFacade(random, floors, false);
    const top = floors * facade.floorHeight;
    const z = end + random.uniform(6, 40);
    if (random.next() < 0.8) {
      const surface = facadeSurface(facade);
      frame.quad(surface, [x, 0, z], [x + width, 0, z], [x + width, top, z], [x, top, z]);
    }
    x += width;
  }
}
