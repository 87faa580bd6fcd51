// A fast soft blur of a picture of light: three box blurs in each direction.

/** Blurs [H, W, 3] with a standard deviation of about `sigma` pixels; edges repeat. */
export function blurLight(light: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.max(1, Math.round(sigma));
  const [from, to] = [light.slice(), new Float32Array(light.length)];
  for (let pass = 0; pass < 3; pass++) {
    boxBlur(from, to, height, width, width * 3, 3, radius);
    boxBlur(to, from, width, height, 3, width * 3, radius);
  }
  return from;
}

/** One box blur along lines of `length` pixels that are `step` apart in memory. */
function boxBlur(
  from: Float32Array,
  to: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
  radius: number,
): void {
  const scale = 1 / (2 * radius + 1);
  for (let line = 0; line < lines; line++) {
    for (let c = 0; c < 3; c++) {
      const base = line * lineStep + c;
      let sum = 0;
      for (let i = -radius; i <= radius; i++) sum += from[base + clampIndex(i, length) * step] as number;
      for (let i = 0; i < length; i++) {
        to[base + i * step] = sum * scale;
        sum +=
          (from[base + clampIndex(i + radius + 1, length) * step] as number) -
          (from[base + clampIndex(i - radius, length) * step] as number);
      }
    }
  }
}

function clampIndex(i: number, length: number): number {
  return i < 0 ? 0 : i >= length ? length - 1 : i;
}
