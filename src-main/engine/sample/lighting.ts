// Lights a shaded point: sun with shadow, sky and ground glow, lamps at night, mirrored sky.
import type { DomainLook } from "./domain-look.ts";
import type { Lamp } from "./geometry.ts";
import { smoothStep } from "./noise.ts";
import type { SunShadow } from "./shadows.ts";
import type { ShadePoint } from "./surface.ts";

/** What lights a scene. */
export interface Lights {
  readonly look: DomainLook;
  readonly sunShadow: SunShadow | null;
  readonly lamps: readonly Lamp[];
  readonly skySeed: number;
}

const MIRRORED = new Float64Array(3);
const LAMP_LIGHT = new Float64Array(3);

/**
 * Fills `out` with the light a point sends to the viewer.
 *
 * @param openness  share of the sky's light that reaches the point, 0..1
 * @param dx        view direction of length one, dy and dz likewise
 */
export function lightPoint(
  lights: Lights,
  point: ShadePoint,
  openness: number,
  dx: number,
  dy: number,
  dz: number,
  out: Float64Array,
): void {
  const { look } = lights;
  const { nx, ny, nz } = point;
  const facingUp = ny * 0.5 + 0.5;
  const facingSun = nx * look.toSun[0] + ny * look.toSun[1] + nz * look.toSun[2];
  let sun = 0;
  if (lights.sunShadow && facingSun > 0) {
    // Shadows are looked up a little outside the surface.
    sun = facingSun * lights.sunShadow.lightAt(point.x + nx * 0.06, point.y + ny * 0.06, point.z + nz * 0.06);
  }
  gatherLamps(lights.lamps, point);
  const base = [point.r, point.g, point.b];
  const emitted = [point.er, point.eg, point.eb];
  for (let c = 0; c < 3; c++) {
    const sky = look.ambientSky[c] as number;
    const ground = look.ambientGround[c] as number;
    const ambient = (ground + (sky - ground) * facingUp) * openness;
    const arriving = ambient + sun * (look.sunColor[c] as number) + (LAMP_LIGHT[c] as number);
    out[c] = (base[c] as number) * arriving + (emitted[c] as number);
  }
  if (point.gloss > 0.01) addMirroredSky(lights, point, openness, dx, dy, dz, out);
}

function gatherLamps(lamps: readonly Lamp[], point: ShadePoint): void {
  LAMP_LIGHT.fill(0);
  for (const lamp of lamps) {
    const dx = lamp.position[0] - point.x;
    const dy = lamp.position[1] - point.y;
    const dz = lamp.position[2] - point.z;
    const squared = dx * dx + dy * dy + dz * dz;
    if (squared > lamp.range * lamp.range) continue;
    const distance = Math.sqrt(squared) + 1e-6;
    // Rough surfaces and scattered light: lamps also reach a little around corners.
    const facing = Math.max(0.05, 0.1 + (0.9 * (dx * point.nx + dy * point.ny + dz * point.nz)) / distance);
    const fade = 1 - distance / lamp.range;
    let strength = (facing * fade * fade) / (1 + squared);
    if (lamp.aim) {
      const along = -(dx * lamp.aim[0] + dy * lamp.aim[1] + dz * lamp.aim[2]) / distance;
      strength *= smoothStep(0.86, 0.99, along);
    }
    if (strength <= 0) continue;
    for (let c = 0; c < 3; c++) LAMP_LIGHT[c] = (LAMP_LIGHT[c] as number) + strength * (lamp.color[c] as number);
  }
}

function addMirroredSky(
  lights: Lights,
  point: ShadePoint,
  openness: number,
  dx: number,
  dy: number,
  dz: number,
  out: Float64Array,
): void {
  const { look } = lights;
  const facing = dx * point.nx + dy * point.ny + dz * point.nz;
  const rx = dx - 2 * facing * point.nx;
  const ry = dy - 2 * facing * point.ny;
  const rz = dz - 2 * facing * point.nz;
  const grazing = (1 - Math.min(1, Math.abs(facing))) ** 3;
  const share = point.gloss * (0.4 + 0.6 * grazing) * openness;
  // Low directions meet the houses across the street instead of the sky.
  const seesSky = smoothStep(0.02, 0.4, ry);
  mirrorGradient(look, ry);
  const toSun = rx * look.toSun[0] + ry * look.toSun[1] + rz * look.toSun[2];
  const sparkle = lights.sunShadow && toSun > 0.97 ? smoothStep(0.97, 1, toSun) * 1.6 : 0;
  for (let c = 0; c < 3; c++) {
    const houses = 0.22 * (look.ambientSky[c] as number) + 0.4 * (LAMP_LIGHT[c] as number);
    const seen = houses + ((MIRRORED[c] as number) - houses) * seesSky + sparkle * (look.sunColor[c] as number);
    out[c] = (out[c] as number) * (1 - share * 0.5) + seen * share;
  }
}

/** The sky without clouds: enough for a mirror image on paint. */
function mirrorGradient(look: DomainLook, up: number): void {
  const gradient = Math.min(1, Math.max(0, up) * 1.4);
  for (let c = 0; c < 3; c++) {
    MIRRORED[c] =
      (look.skyHorizon[c] as number) + ((look.skyTop[c] as number) - (look.skyHorizon[c] as number)) * gradient;
  }
}
