// Chooses how to draw: with WebGL2, and on a 2D canvas where that is missing.
import { BugError } from "../../src-shared/contract/errors.ts";
import { createCanvasRenderer } from "./canvas-renderer.ts";
import type { Renderer } from "./drawing.ts";
import { createWebglRenderer } from "./webgl-renderer.ts";

export function createRenderer(canvas: HTMLCanvasElement): Renderer {
  const renderer = createWebglRenderer(canvas) ?? createCanvasRenderer(canvas);
  if (renderer === null) throw new BugError("this browser gives neither WebGL2 nor a 2D canvas");
  return renderer;
}
