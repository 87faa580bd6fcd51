// What a scene is made of: polygons, round cones and leaf clumps with a surface each, lamps, and soft shadows on the ground.
import type { Surface } from "./surface.ts";

/** A point or direction: x to the right, y up, z ahead, in metres. */
export type Vec3 = readonly [number, number, number];

/** A polygon's corner: position, surface coordinates, normal. */
export interface Vertex {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly u: number;
  readonly v: number;
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
}

/** A flat convex polygon. */
export interface Polygon {
  readonly surface: Surface;
  readonly vertices: readonly Vertex[];
}

/** A cone with a ball at either end: limbs, poles, tubes. */
export interface RoundCone {
  readonly surface: Surface;
  readonly from: Vec3;
  readonly to: Vec3;
  readonly fromRadius: number;
  readonly toRadius: number;
}

/** A ball with a ragged outline: a clump of leaves. `raggedness` 0 is a smooth ball. */
export interface Clump {
  readonly surface: Surface;
  readonly center: Vec3;
  readonly radius: number;
  readonly raggedness: number;
  readonly seed: number;
}

/** A lamp that lights its surroundings at night; with `aim` it is a spotlight. */
export interface Lamp {
  readonly position: Vec3;
  readonly color: Vec3;
  readonly range: number;
  readonly aim?: Vec3;
}

/** A soft dark patch on the ground under an object, an oriented rectangle. */
export interface ContactShadow {
  readonly x: number;
  readonly z: number;
  readonly heading: number;
  readonly halfWidth: number;
  readonly halfLength: number;
  readonly strength: number;
}

/** Collects everything that one scene draws. */
export class SceneGeometry {
  readonly polygons: Polygon[] = [];
  readonly cones: RoundCone[] = [];
  readonly clumps: Clump[] = [];
  readonly lamps: Lamp[] = [];
  readonly contactShadows: ContactShadow[] = [];
}

const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);

function faceNormal(a: Vec3, b: Vec3, d: Vec3): Vec3 {
  const p = subtract(b, a);
  const q = subtract(d, a);
  const n: Vec3 = [q[1] * p[2] - q[2] * p[1], q[2] * p[0] - q[0] * p[2], q[0] * p[1] - q[1] * p[0]];
  const size = length(n) || 1;
  return [n[0] / size, n[1] / size, n[2] / size];
}

/** Draws one object in its own coordinates (x right, y up, z where it faces) into a scene. */
export class ObjectFrame {
  readonly scene: SceneGeometry;
  readonly origin: Vec3;
  readonly heading: number;
  readonly scale: number;
  readonly #sin: number;
  readonly #cos: number;

  /** @param heading  radians; 0 faces away from the camera (+z), π towards it */
  constructor(scene: SceneGeometry, origin: Vec3, heading = 0, scale = 1) {
    this.scene = scene;
    this.origin = origin;
    this.heading = heading;
    this.scale = scale;
    this.#sin = Math.sin(heading);
    this.#cos = Math.cos(heading);
  }

  worldFromObject(p: Vec3): Vec3 {
    const [x, y, z] = [p[0] * this.scale, p[1] * this.scale, p[2] * this.scale];
    return [
      this.origin[0] + x * this.#cos + z * this.#sin,
      this.origin[1] + y,
      this.origin[2] - x * this.#sin + z * this.#cos,
    ];
  }

  /** A convex polygon; `uv` are its surface coordinates, corner by corner. */
  polygon(surface: Surface, corners: readonly Vec3[], uv: readonly (readonly [number, number])[]): void {
    const world = corners.map((corner) => this.worldFromObject(corner));
    const [a, b] = [world[0], world[1]];
    const d = world[world.length - 1];
    if (!a || !b || !d) return;
    const [nx, ny, nz] = faceNormal(a, b, d);
    const vertices = world.map(([x, y, z], i) => {
      const [u, v] = uv[i] ?? [0, 0];
      return { x, y, z, u, v, nx, ny, nz };
    });
    this.scene.polygons.push({ surface, vertices });
  }

  /** A four-cornered face: bottom left, bottom right, top right, top left. Coordinates run in metres from the first. */
  quad(surface: Surface, a: Vec3, b: Vec3, c: Vec3, d: Vec3): void {
    const width = length(subtract(b, a)) * this.scale;
    const height = length(subtract(d, a)) * this.scale;
    this.polygon(
      surface,
      [a, b, c, d],
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ],
    );
  }

  /** As `quad`, with coordinates from 0 to 1. */
  unitQuad(surface: Surface, a: Vec3, b: Vec3, c: Vec3, d: Vec3): void {
    this.polygon(
      surface,
      [a, b, c, d],
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    );
  }

  /** A box between two corners; faces may differ. The bottom is left out. */
  box(surface: Surface, low: Vec3, high: Vec3, faces: { front?: Surface; back?: Surface; top?: Surface } = {}): void {
    const [x0, y0, z0] = low;
    const [x1, y1, z1] = high;
    this.quad(faces.back ?? surface, [x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0]);
    this.quad(faces.front ?? surface, [x1, y0, z1], [x0, y0, z1], [x0, y1, z1], [x1, y1, z1]);
    this.quad(surface, [x0, y0, z1], [x0, y0, z0], [x0, y1, z0], [x0, y1, z1]);
    this.quad(surface, [x1, y0, z0], [x1, y0, z1], [x1, y1, z1], [x1, y1, z0]);
    this.quad(faces.top ?? surface, [x0, y1, z0], [x1, y1, z0], [x1, y1, z1], [x0, y1, z1]);
  }

  /** A regular polygon standing upright: axis "z" faces the object's front, axis "x" its side. u and v run from -1 to 1. */
  disc(surface: Surface, center: Vec3, radius: number, axis: "x" | "z", sides = 14, turn = 0): void {
    const corners: Vec3[] = [];
    const uv: [number, number][] = [];
    for (let i = 0; i < sides; i++) {
      const angle = turn + (i / sides) * 2 * Math.PI;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      uv.push([c, s]);
      const [along, up] = [c * radius, s * radius];
      corners.push(
        axis === "z" ? [center[0] - along, center[1] + up, center[2]] : [center[0], center[1] + up, center[2] + along],
      );
    }
    this.polygon(surface, corners, uv);
  }

  cone(surface: Surface, from: Vec3, to: Vec3, fromRadius: number, toRadius = fromRadius): void {
    this.scene.cones.push({
      surface,
      from: this.worldFromObject(from),
      to: this.worldFromObject(to),
      fromRadius: fromRadius * this.scale,
      toRadius: toRadius * this.scale,
    });
  }

  clump(surface: Surface, center: Vec3, radius: number, raggedness: number, seed: number): void {
    const world = this.worldFromObject(center);
    this.scene.clumps.push({ surface, center: world, radius: radius * this.scale, raggedness, seed });
  }

  lamp(position: Vec3, color: Vec3, range: number, aim?: Vec3): void {
    const lamp = { position: this.worldFromObject(position), color, range };
    if (!aim) {
      this.scene.lamps.push(lamp);
      return;
    }
    const tip = subtract(this.worldFromObject(aim), this.worldFromObject([0, 0, 0]));
    const size = length(tip) || 1;
    this.scene.lamps.push({ ...lamp, aim: [tip[0] / size, tip[1] / size, tip[2] / size] });
  }

  contactShadow(halfWidth: number, halfLength: number, strength: number, offset: Vec3 = [0, 0, 0]): void {
    const [x, , z] = this.worldFromObject(offset);
    const [w, l] = [halfWidth * this.scale, halfLength * this.scale];
    this.scene.contactShadows.push({ x, z, heading: this.heading, halfWidth: w, halfLength: l, strength });
  }
}
