// Shadows: what the sun does not see, and the soft dark patch under every object.
import type { ContactShadow, SceneGeometry, Vec3 } from "./geometry.ts";
import { smoothStep } from "./noise.ts";
import { drawGeometry, GeometryBuffer } from "./raster.ts";
import { createSunView, type View } from "./view.ts";

/** Metres of street that get sun shadows; beyond, they are too small to see. */
const SUN_REACH_M = 95;
const SUN_MAP_SIZE = 1100;

/** The scene as the sun sees it. */
export class SunShadow {
  readonly #view: View;
  readonly #buffer: GeometryBuffer;

  constructor(scene: SceneGeometry, toSun: Vec3) {
    this.#view = createSunView(toSun, SUN_REACH_M, SUN_MAP_SIZE);
    this.#buffer = new GeometryBuffer(SUN_MAP_SIZE, SUN_MAP_SIZE);
    drawGeometry(scene, this.#view, this.#buffer);
  }

  /** The share of the sun that reaches a point, 0 to 1; four taps soften the edge. */
  lightAt(x: number, y: number, z: number): number {
    const { position, right, up, forward, focal, centerX, centerY } = this.#view;
    const [dx, dy, dz] = [x - position[0], y - position[1], z - position[2]];
    const mapX = centerX + focal * (dx * right[0] + dy * right[1] + dz * right[2]);
    const mapY = centerY - focal * (dx * up[0] + dy * up[1] + dz * up[2]);
    const nearness = -(dx * forward[0] + dy * forward[1] + dz * forward[2]);
    const x0 = Math.floor(mapX);
    const y0 = Math.floor(mapY);
    if (x0 < 1 || y0 < 1 || x0 >= SUN_MAP_SIZE - 2 || y0 >= SUN_MAP_SIZE - 2) return 1;
    const fx = mapX - x0;
    const fy = mapY - y0;
    const top = this.#lit(x0, y0, nearness) * (1 - fx) + this.#lit(x0 + 1, y0, nearness) * fx;
    const bottom = this.#lit(x0, y0 + 1, nearness) * (1 - fx) + this.#lit(x0 + 1, y0 + 1, nearness) * fx;
    return top * (1 - fy) + bottom * fy;
  }

  #lit(x: number, y: number, nearness: number): number {
    // A quarter of a metre of slack, or surfaces would shade themselves.
    return (this.#buffer.nearness[y * SUN_MAP_SIZE + x] as number) > nearness + 0.25 ? 0 : 1;
  }
}

const GRID_M = 0.125;
const GRID_WIDTH = 720;
const GRID_LENGTH = 800;
const GRID_X_M = -45;
const GRID_Z_M = -4;
/** How far a contact shadow fades out around its rectangle. */
const FADE_M = 0.5;

/** Contact shadows on the ground, on a grid in world coordinates. */
export class GroundOcclusion {
  readonly #grid = new Float32Array(GRID_WIDTH * GRID_LENGTH);

  constructor(shadows: readonly ContactShadow[]) {
    for (const shadow of shadows) this.#splat(shadow);
  }

  /** 1 in the open, towards 0 under objects. */
  lightAt(x: number, z: number): number {
    const gx = (x - GRID_X_M) / GRID_M;
    const gz = (z - GRID_Z_M) / GRID_M;
    const x0 = Math.floor(gx);
    const z0 = Math.floor(gz);
    if (x0 < 0 || z0 < 0 || x0 >= GRID_WIDTH - 1 || z0 >= GRID_LENGTH - 1) return 1;
    const fx = gx - x0;
    const fz = gz - z0;
    const i = z0 * GRID_WIDTH + x0;
    const near = (this.#grid[i] as number) * (1 - fx) + (this.#grid[i + 1] as number) * fx;
    const far = (this.#grid[i + GRID_WIDTH] as number) * (1 - fx) + (this.#grid[i + GRID_WIDTH + 1] as number) * fx;
    return 1 - (near * (1 - fz) + far * fz);
  }

  #splat(shadow: ContactShadow): void {
    const [sin, cos] = [Math.sin(shadow.heading), Math.cos(shadow.heading)];
    const reach = Math.hypot(shadow.halfWidth, shadow.halfLength) + FADE_M;
    const xFrom = Math.max(0, Math.floor((shadow.x - reach - GRID_X_M) / GRID_M));
    const xTo = Math.min(GRID_WIDTH - 1, Math.ceil((shadow.x + reach - GRID_X_M) / GRID_M));
    const zFrom = Math.max(0, Math.floor((shadow.z - reach - GRID_Z_M) / GRID_M));
    const zTo = Math.min(GRID_LENGTH - 1, Math.ceil((shadow.z + reach - GRID_Z_M) / GRID_M));
    for (let gz = zFrom; gz <= zTo; gz++) {
      for (let gx = xFrom; gx <= xTo; gx++) {
        const dx = GRID_X_M + gx * GRID_M - shadow.x;
        const dz = GRID_Z_M + gz * GRID_M - shadow.z;
        const across = Math.max(0, Math.abs(dx * cos - dz * sin) - shadow.halfWidth);
        const along = Math.max(0, Math.abs(dx * sin + dz * cos) - shadow.halfLength);
        const dark = shadow.strength * smoothStep(FADE_M, -FADE_M * 0.35, Math.hypot(across, along));
        const i = gz * GRID_WIDTH + gx;
        if (dark > (this.#grid[i] as number)) this.#grid[i] = dark;
      }
    }
  }
}
