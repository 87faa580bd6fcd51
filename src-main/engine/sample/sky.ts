// The sky: a gradient, the sun's glow, clouds, and at night a few stars.
import type { DomainLook } from "./domain-look.ts";
import { fractalNoise, hashUnit, smoothStep } from "./noise.ts";

/** Fills `out` with the sky's radiance in a direction of length one. */
export function skyRadiance(
  look: DomainLook,
  dx: number,
  dy: number,
  dz: number,
  seed: number,
  out: Float64Array,
): void {
  const up = Math.max(0, dy);
  const gradient = 1 - (1 - Math.min(1, up * 1.6)) ** 2.2;
  for (let c = 0; c < 3; c++) {
    out[c] = (look.skyHorizon[c] as number) + ((look.skyTop[c] as number) - (look.skyHorizon[c] as number)) * gradient;
  }
  if (look.cloudCover > 0) addClouds(look, dx, up, dz, seed, out);
  const toSun = dx * look.toSun[0] + dy * look.toSun[1] + dz * look.toSun[2];
  if (toSun > 0 && look.domain === "clear") {
    const glow = 0.35 * toSun ** 24 + 4 * toSun ** 1500;
    for (let c = 0; c < 3; c++) out[c] = (out[c] as number) + glow * (look.sunColor[c] as number) * 0.4;
  }
  if (look.darkness === 1) addStars(dx, up, dz, seed, out);
}

function addClouds(look: DomainLook, dx: number, up: number, dz: number, seed: number, out: Float64Array): void {
  // Clouds lie on a plane overhead, so that they crowd together towards the horizon.
  const x = (dx / (up + 0.16)) * 0.9 + (seed % 61);
  const z = (dz / (up + 0.16)) * 0.9 + (seed % 53);
  const density = fractalNoise(x, z, 5, seed);
  const threshold = 0.66 - 0.34 * look.cloudCover;
  const cover = smoothStep(threshold, threshold + 0.17, density) * smoothStep(0, 0.1, up + 0.02);
  if (cover <= 0) return;
  const thickness = smoothStep(threshold + 0.05, threshold + 0.4, density);
  const shade = look.domain === "clear" ? 1 - 0.38 * thickness : 1 - 0.25 * thickness;
  for (let c = 0; c < 3; c++) {
    out[c] = (out[c] as number) + ((look.cloudColor[c] as number) * shade - (out[c] as number)) * cover * 0.92;
  }
}

function addStars(dx: number, up: number, dz: number, seed: number, out: Float64Array): void {
  if (up < 0.1) return;
  const [x, z] = [Math.floor((dx / up) * 160), Math.floor((dz / up) * 160)];
  if (hashUnit(x, z, seed) < 0.9985) return;
  for (let c = 0; c < 3; c++) out[c] = (out[c] as number) + 0.12;
}
