// Rain before the lens: streaks of falling drops, and drops on the glass that bend and blur what is behind.
import type { Random } from "../../random.ts";
import { smoothStep } from "../noise.ts";
import { blurLight } from "./blur.ts";

/** Draws falling rain over [H, W, 3], in place: short slanted lines, longer and brighter where drops are near. */
export function addRainStreaks(light: Float32Array, width: number, height: number, random: Random): void {
  const slant = random.uniform(-0.22, 0.22);
  const count = 420;
  for (let i = 0; i < count; i++) {
    const nearness = random.next() ** 2.5;
    const length = height * (0.025 + 0.11 * nearness);
    const x = random.uniform(-0.05, 1.05) * width;
    const y = random.uniform(-0.1, 1) * height;
    drawStreak(
      light,
      width,
      height,
      x,
      y,
      length,
      slant + random.uniform(-0.03, 0.03),
      0.05 + 0.13 * nearness,
      (height / 256) * (0.35 + 0.4 * nearness),
    );
  }
}

function drawStreak(
  light: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  length: number,
  slant: number,
  strength: number,
  halfWidth: number,
): void {
  const reach = Math.max(0.5, halfWidth);
  const thin = Math.min(1, halfWidth / 0.5);
  for (let row = Math.max(0, Math.ceil(y)); row < Math.min(height, y + length); row++) {
    const t = (row - y) / length;
    const middle = x + slant * (row - y);
    // Streaks fade in and out along their length.
    const along = strength * thin * Math.sin(Math.PI * t);
    for (let px = Math.max(0, Math.ceil(middle - reach - 0.5)); px <= Math.min(width - 1, middle + reach + 0.5); px++) {
      const cover = Math.min(1, Math.max(0, reach + 0.5 - Math.abs(px - middle)));
      const i = (row * width + px) * 3;
      for (let c = 0; c < 3; c++)
        light[i + c] = (light[i + c] as number) * (1 - 0.25 * along * cover) + 0.8 * along * cover;
    }
  }
}

/** Draws drops on the lens over [H, W, 3], in place. They show what is behind them upside down and out of focus. */
export function addLensDrops(light: Float32Array, width: number, height: number, random: Random): void {
  const soft = blurLight(light, width, height, Math.max(1, height * 0.008));
  const count = 16 + random.integer(16);
  for (let i = 0; i < count; i++) {
    const radius = height * (0.006 + 0.026 * random.next() ** 3);
    drawDrop(
      light,
      soft,
      width,
      height,
      random.uniform(0, width),
      random.uniform(0, height),
      radius,
      random.uniform(1, 1.35),
    );
  }
}

function drawDrop(
  light: Float32Array,
  soft: Float32Array,
  width: number,
  height: number,
  cx: number,
  cy: number,
  radius: number,
  tall: number,
): void {
  for (let y = Math.max(0, Math.ceil(cy - radius * tall)); y < Math.min(height, cy + radius * tall); y++) {
    for (let x = Math.max(0, Math.ceil(cx - radius)); x < Math.min(width, cx + radius); x++) {
      const [ex, ey] = [(x - cx) / radius, (y - cy) / (radius * tall)];
      const away = Math.hypot(ex, ey);
      if (away >= 1) continue;
      const sx = Math.min(width - 1, Math.max(0, Math.round(cx - ex * radius * 2)));
      const sy = Math.min(height - 1, Math.max(0, Math.round(cy - ey * radius * 2.5)));
      const cover = 0.85 * smoothStep(1, 0.6, away);
      const rim = 1 - 0.3 * smoothStep(0.55, 1, away) + 0.25 * smoothStep(0.5, 0, Math.hypot(ex + 0.3, ey + 0.35));
      const [i, j] = [(y * width + x) * 3, (sy * width + sx) * 3];
      for (let c = 0; c < 3; c++) {
        light[i + c] = (light[i + c] as number) * (1 - cover) + (soft[j + c] as number) * rim * cover;
      }
    }
  }
}
