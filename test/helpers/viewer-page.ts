// Runs in a browser: draws generated planes with the viewer's renderers and reads the pixels back, or times its stage.
/// <reference lib="dom" />
import { boundaryBand } from "../../src-renderer/viewer/boundary-band.ts";
import { createCanvasRenderer } from "../../src-renderer/viewer/canvas-renderer.ts";
import { classColorRow, rampColorRow } from "../../src-renderer/viewer/color-rows.ts";
import { deviceView } from "../../src-renderer/viewer/device-view.ts";
import type { CanvasDrawing, PaneDrawing, Renderer } from "../../src-renderer/viewer/drawing.ts";
import type { BytePlane, Layer, Photo } from "../../src-renderer/viewer/picture.ts";
import { rasterizeStrip } from "../../src-renderer/viewer/rasterize.ts";
import { createWebglRenderer } from "../../src-renderer/viewer/webgl-renderer.ts";
import { labelSetFor } from "../../src-shared/labels/label-sets.ts";

import { tiledPhoto } from "./tiled-in-page.ts";

export interface PixelCase {
  readonly kind: Layer["kind"];
  readonly width: number;
  readonly height: number;
  readonly hasPhoto: boolean;
  /** Whether the photograph comes in tiles. */
  readonly isTiled?: boolean;
  readonly zoom: number;
  readonly ratio: number;
  /** Of the image, 0..1. */
  readonly centerX: number;
  readonly centerY: number;
  readonly opacity: number;
  readonly threshold: number;
  readonly hasOutline: boolean;
  readonly hasPatterns: boolean;
  readonly hidden: readonly number[];
  /** Class ids as a checkerboard of single pixels instead of random blocks. */
  readonly isCheckerboard: boolean;
  /** The class whose errors are told apart; 255: none. */
  readonly soloClass: number;
  /** Whether errors are counted in a part of the image only. */
  readonly isBanded: boolean;
}

export interface PixelVerdict {
  /** Of the two renderers against the rasterizer: pixels that differ, and the largest difference of a channel. */
  readonly webgl: { readonly wrong: number; readonly largest: number };
  readonly canvas: { readonly wrong: number; readonly largest: number };
  readonly pixels: number;
}

const PANE = { left: 13, top: 7, width: 331, height: 207 };
const CANVAS: CanvasDrawing = { width: 360, height: 230, background: [1, 2, 3], isRough: false };
const { palette } = labelSetFor(19);

let webgl: Renderer | null = null;
const webglCanvas = new OffscreenCanvas(1, 1);

/** Draws one case three ways. Where the photograph is smoothed only the layer can be compared: opacity has to be 1. */
export async function comparePixels(pixelCase: PixelCase): Promise<PixelVerdict> {
  const {
    width,
    height,
    zoom,
    ratio,
    centerX,
    centerY,
    opacity,
    threshold,
    hasOutline,
    hasPatterns,
    hidden,
    soloClass,
  } = pixelCase;
  const photo = pixelCase.hasPhoto ? await generatedPhoto(width, height) : null;
  const layer = generatedLayer(pixelCase);
  const view = deviceView({ centerX: centerX * width, centerY: centerY * height, zoom }, PANE, ratio);
  const isTiled = photo !== null && pixelCase.isTiled === true;
  const picture = { width, height, photo: isTiled ? await tiledPhoto(photo, view, PANE) : photo, layer };
  const pane: PaneDrawing = {
    rect: PANE,
    view,
    strips: [{ picture, from: 0, to: PANE.width }],
    style: {
      opacity,
      threshold,
      hasOutline,
      hasPatterns,
      classColors: classColorRow(palette, new Set(hidden)),
      soloClass,
    },
  };
  const expected = expectedPixels(pane, photo);
  webgl ??= createWebglRenderer(webglCanvas);
  if (webgl === null) throw new Error("this browser has no WebGL2");
  webgl.draw(CANVAS, [pane]);
  const canvas = new OffscreenCanvas(1, 1);
  createCanvasRenderer(canvas)?.draw(CANVAS, [pane]);
  return {
    webgl: differences(readPixels(webglCanvas), expected),
    canvas: differences(readPixels(canvas), expected),
    pixels: CANVAS.width * CANVAS.height,
  };
}

/** The pane by the rasterizer, over a photograph of which each device pixel shows the image pixel under its middle. */
function expectedPixels(pane: PaneDrawing, photo: Photo | null): Uint8ClampedArray {
  const whole = new Uint8ClampedArray(CANVAS.width * CANVAS.height * 4);
  for (let at = 0; at < whole.length; at += 4) whole.set([1, 2, 3, 255], at);
  const block = { width: PANE.width, height: PANE.height, data: new Uint8ClampedArray(PANE.width * PANE.height * 4) };
  const { view } = pane;
  const photoBytes = photo === null ? null : bytesOf(photo);
  for (let y = 0; y < PANE.height; y++) {
    for (let x = 0; x < PANE.width; x++) {
      const at = (y * PANE.width + x) * 4;
      block.data.set([1, 2, 3, 255], at);
      if (photo === null || photoBytes === null || view === null) continue;
      const column = Math.floor((x + 0.5 - view.originX) / view.scale);
      const row = Math.floor((y + 0.5 - view.originY) / view.scale);
      if (column < 0 || row < 0 || column >= photo.width || row >= photo.height) continue;
      const from = (row * photo.width + column) * 4;
      block.data.set(photoBytes.subarray(from, from + 4), at);
    }
  }
  for (const strip of pane.strips) rasterizeStrip(block, pane, strip, rampColorRow());
  for (let y = 0; y < PANE.height; y++) {
    const row = block.data.subarray(y * PANE.width * 4, (y + 1) * PANE.width * 4);
    whole.set(row, ((PANE.top + y) * CANVAS.width + PANE.left) * 4);
  }
  return whole;
}

function readPixels(canvas: OffscreenCanvas): Uint8ClampedArray {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no 2D canvas");
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

function differences(actual: Uint8ClampedArray, expected: Uint8ClampedArray): { wrong: number; largest: number } {
  let wrong = 0;
  let largest = 0;
  for (let at = 0; at < expected.length; at += 4) {
    let difference = 0;
    for (let channel = 0; channel < 3; channel++) {
      difference = Math.max(difference, Math.abs((actual[at + channel] ?? 0) - (expected[at + channel] ?? 0)));
    }
    if (difference > 0) wrong++;
    largest = Math.max(largest, difference);
  }
  return { wrong, largest };
}

function generatedLayer({ kind, width, height, isCheckerboard, isBanded }: PixelCase): Layer {
  const ids = (seed: number): BytePlane => generatedIds(width, height, isCheckerboard ? 1 : 5, seed, isCheckerboard);
  const values = (seed: number): BytePlane => generatedPlane(width, height, (x, y) => mixed(x, y, seed) & 255);
  switch (kind) {
    case "none":
      return { kind };
    case "labels":
      return { kind, labels: ids(1), confidence: values(2) };
    case "heat":
      return { kind, values: values(3) };
    case "errors":
      return { kind, labels: ids(1), truth: ids(4), counted: isBanded ? boundaryBand(ids(4), 2) : null };
    case "difference":
      return { kind, from: ids(1), to: ids(5), truth: ids(4) };
    case "pseudoLabel":
      return { kind, labels: ids(6) };
    default:
      return kind satisfies never;
  }
}

function generatedIds(width: number, height: number, block: number, seed: number, isCheckerboard: boolean): BytePlane {
  return generatedPlane(width, height, (x, y) => {
    if (isCheckerboard) return (x + y) % 2 === 0 ? seed : seed + 7;
    const id = mixed(Math.floor(x / block), Math.floor(y / block), seed) % 20;
    return id === 19 ? 255 : id;
  });
}

function generatedPlane(width: number, height: number, valueAt: (x: number, y: number) => number): BytePlane {
  const bytes = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes[y * width + x] = valueAt(x, y);
  }
  return { width, height, bytes };
}

/** A number that looks random and is the same every time. */
function mixed(x: number, y: number, seed: number): number {
  let hash = Math.imul(x + 1, 374_761_393) ^ Math.imul(y + 1, 668_265_263) ^ Math.imul(seed + 1, 1_274_126_177);
  hash = Math.imul(hash ^ (hash >>> 13), 1_103_515_245);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const photoBytesOf = new WeakMap<ImageBitmap, Uint8ClampedArray>();

function bytesOf({ source }: Photo): Uint8ClampedArray | null {
  return photoBytesOf.get(source) ?? null;
}

async function generatedPhoto(width: number, height: number): Promise<Photo> {
  const data = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      data.data.set([mixed(x, y, 7) & 255, mixed(x, y, 8) & 255, (x * 3 + y) & 255, 255], at);
    }
  }
  const source = await createImageBitmap(data, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  photoBytesOf.set(source, data.data);
  return { width, height, source };
}

Object.assign(globalThis, { comparePixels });
