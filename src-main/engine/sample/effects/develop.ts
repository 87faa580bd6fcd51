// The camera: exposure, tone curve, colour saturation, vignette and sensor noise turn light into 8-bit pixels.
import type { DomainLook } from "../domain-look.ts";
import { hashUnit } from "../noise.ts";

/**
 * Develops light into sRGB bytes.
 *
 * @param light  linear, [H, W, 3]
 * @param seed   of the sensor's noise
 * @returns      [H, W, 3]
 */
export function developPicture(
  light: Float32Array,
  width: number,
  height: number,
  look: DomainLook,
  seed: number,
): Uint8Array {
  const bytes = new Uint8Array(light.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      const fromMiddle = Math.hypot((x - width / 2) / (width / 2), (y - height / 2) / (height / 2));
      const exposure = look.exposure * (1 - 0.13 * fromMiddle * fromMiddle);
      const r = toneCurve((light[i] as number) * exposure);
      const g = toneCurve((light[i + 1] as number) * exposure);
      const b = toneCurve((light[i + 2] as number) * exposure);
      const gray = 0.299 * r + 0.587 * g + 0.114 * b;
      // Dark places are noisier: the sensor amplifies little light.
      const noise = look.sensorNoise * (1.35 - 0.7 * gray);
      bytes[i] = byteOf(gray + (r - gray) * look.saturation + noise * gaussian(x, y, seed));
      bytes[i + 1] = byteOf(gray + (g - gray) * look.saturation + noise * gaussian(x, y, seed + 1));
      bytes[i + 2] = byteOf(gray + (b - gray) * look.saturation + noise * gaussian(x, y, seed + 2));
    }
  }
  return bytes;
}

/** Film-like: soft shoulder, then the display's gamma. */
function toneCurve(value: number): number {
  return (1 - Math.exp(-Math.max(0, value))) ** (1 / 2.2);
}

/** Nearly normal: the sum of three uniforms, scaled to a standard deviation of one. */
function gaussian(x: number, y: number, seed: number): number {
  return 2 * (hashUnit(x, y, seed) + hashUnit(x, y, seed + 7919) + hashUnit(x, y, seed + 15551) - 1.5);
}

function byteOf(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
