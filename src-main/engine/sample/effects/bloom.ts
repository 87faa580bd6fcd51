// Bloom: bright light spreads around its source in lens and air.
import { blurLight } from "./blur.ts";

/** Adds to every pixel of [H, W, 3] a share of the bright light near it, in place. */
export function addBloom(light: Float32Array, width: number, height: number, share: number): void {
  const bright = light.map((value) => Math.max(0, value - 0.9));
  const near = blurLight(bright, width, height, height * 0.011);
  const wide = blurLight(near, width, height, height * 0.045);
  for (let i = 0; i < light.length; i++) {
    light[i] = (light[i] as number) + share * (1.6 * (near[i] as number) + 3 * (wide[i] as number));
  }
}
