// Runs in a browser: the viewer's stage with four linked panes of 2048 x 1024, timed.
/// <reference lib="dom" />
import { classColorRow } from "../../src-renderer/viewer/color-rows.ts";
import { FITTED, type LinkedViews, moveView, type ViewStore } from "../../src-renderer/viewer/linked-views.ts";
import type { BytePlane, LayerStyle, Photo, Picture } from "../../src-renderer/viewer/picture.ts";
import { type PaneContent, Stage } from "../../src-renderer/viewer/stage.ts";
import { panBy, zoomAround } from "../../src-renderer/viewer/viewport.ts";
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import { labelSetFor } from "../../src-shared/labels/label-sets.ts";

export interface StageTimes {
  readonly renderer: string;
  /** What the graphics driver calls itself. */
  readonly driver: string;
  /** Main-thread milliseconds of each change of opacity, classes, threshold or outline. */
  readonly changeMs: readonly number[];
  /** Milliseconds from a toggle of what one pane of 2048 x 1024 overlays to its pixels, read back. */
  readonly toggleMs: readonly number[];
  readonly framesPerSecond: number;
  /** Milliseconds from new planes in four panes to their pixels, read back. */
  readonly scrubMs: readonly number[];
}

const SIZE = { width: 2048, height: 1024 };
const PANES = ["a", "b", "c", "d"] as const;
const { palette } = labelSetFor(19);

export async function timeStage(
  changes: number,
  toggles: number,
  seconds: number,
  scrubs: number,
): Promise<StageTimes> {
  const toggleMs = await timeToggles(toggles);
  const { stage, canvas, views, contents } = await fourPanes();
  await nextFrame();
  const changeMs: number[] = [];
  for (let index = 0; index < changes; index++) {
    const style = styleAt(index);
    const start = performance.now();
    for (const id of PANES) stage.setContent(id, { ...contentOf(contents, id), style });
    stage.drawNow();
    changeMs.push(performance.now() - start);
    await nextFrame();
  }
  const framesPerSecond = await panAndZoom(stage, views, seconds);
  const scrubMs: number[] = [];
  const kept = Array.from({ length: 8 }, (_, iteration) => generatedPlane(1000 + iteration).bytes);
  for (let index = 0; index < scrubs; index++) {
    // Other bytes each time, so that nothing is on the graphics card yet.
    const planes = PANES.map((_, pane) => ({
      ...SIZE,
      bytes: kept[(index + pane) % kept.length]?.slice() ?? new Uint8Array(),
    }));
    await nextFrame();
    const start = performance.now();
    PANES.forEach((id, pane) => {
      const content = contentOf(contents, id);
      const labels = planes[pane];
      if (content.picture === null || labels === undefined) return;
      const picture: Picture = { ...content.picture, layer: { kind: "labels", labels, confidence: null } };
      stage.setContent(id, { ...content, picture });
    });
    stage.drawNow();
    readOnePixel(canvas);
    scrubMs.push(performance.now() - start);
  }
  return { renderer: stage.kind, driver: driverName(), changeMs, toggleMs, framesPerSecond, scrubMs };
}

/**
 * One pane of 1064 x 640 pixels: a class, outlines, the palette's opacity or the whole overlay, switched in turn. Unlike the
 * main thread's share this holds what the graphics card takes, or the processor where there is none.
 */
async function timeToggles(count: number): Promise<readonly number[]> {
  const { stage, canvas, host } = emptyStage();
  const element = document.createElement("div");
  element.style.cssText = "position: absolute; inset: 0";
  host.append(element);
  const labels: Picture["layer"] = { kind: "labels", labels: generatedPlane(0), confidence: generatedPlane(7) };
  const photo = await generatedPhoto();
  const contentAt = (index: number): PaneContent => ({
    picture: { ...SIZE, photo, layer: index % 4 === 3 ? { kind: "none" } : labels },
    split: null,
    style: styleAt(index),
  });
  stage.addPane("one", element, contentAt(0));
  // Every kind of picture has been drawn once before: programs are compiled and planes are uploaded.
  for (let index = 0; index < 28; index++) {
    stage.setContent("one", contentAt(index));
    stage.drawNow();
  }
  readOnePixel(canvas);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    await nextFrame();
    const start = performance.now();
    stage.setContent("one", contentAt(index));
    stage.drawNow();
    readOnePixel(canvas);
    times.push(performance.now() - start);
  }
  stage.dispose();
  host.remove();
  return times;
}

function emptyStage() {
  document.body.style.margin = "0";
  const host = document.createElement("div");
  host.style.cssText = "position: relative; width: 1064px; height: 640px";
  const canvas = document.createElement("canvas");
  canvas.style.position = "absolute";
  host.append(canvas);
  document.body.append(host);
  const views = viewStore();
  return { stage: new Stage(canvas, host, views), canvas, host, views };
}

async function fourPanes() {
  const { stage, canvas, host, views } = emptyStage();
  const photo = await generatedPhoto();
  const contents = new Map<string, PaneContent>();
  PANES.forEach((id, index) => {
    const element = document.createElement("div");
    element.style.cssText = `position: absolute; width: 532px; height: 320px; left: ${(index % 2) * 532}px; top: ${Math.floor(index / 2) * 320}px`;
    host.append(element);
    const labels = generatedPlane(index);
    const layer: Picture["layer"] =
      index === 2
        ? { kind: "difference", from: generatedPlane(0), to: labels, truth: generatedPlane(9) }
        : index === 3
          ? { kind: "heat", values: labels }
          : { kind: "labels", labels, confidence: generatedPlane(7) };
    const content = { picture: { ...SIZE, photo, layer }, split: null, style: styleAt(0) };
    contents.set(id, content);
    stage.addPane(id, element, content);
  });
  return { stage, canvas, views, contents };
}

function contentOf(contents: ReadonlyMap<string, PaneContent>, id: string): PaneContent {
  const content = contents.get(id);
  if (content === undefined) throw new Error(`there is no pane "${id}"`);
  return content;
}

function styleAt(index: number): LayerStyle {
  return {
    opacity: (index % 11) / 10,
    threshold: index % 4 === 1 ? 0.5 : 0,
    hasOutline: index % 7 === 3,
    hasPatterns: index % 5 === 2,
    classColors: classColorRow(palette, new Set([index % 19])),
    soloClass: IGNORE_LABEL,
  };
}

/** Moves all panes once a frame, as a hand would, and counts the frames. */
async function panAndZoom(stage: Stage, views: ViewStore, seconds: number): Promise<number> {
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < seconds * 1000) {
    const scene = stage.viewport("a");
    if (scene === null) throw new Error("the pane shows nothing");
    const { view, image, pane } = scene;
    const swing = Math.sin(frames / 20);
    const zoomed = zoomAround(view, image, pane, { x: 200, y: 150 }, 1 + 0.03 * swing);
    views.set(moveView(views.get(), "a", panBy(zoomed, image, pane, 4 * swing, 2 * swing)));
    await nextFrame();
    frames++;
  }
  return (frames * 1000) / (performance.now() - start);
}

function viewStore(): ViewStore {
  let views: LinkedViews = FITTED;
  const listeners = new Set<() => void>();
  return {
    get: () => views,
    set: (next) => {
      views = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

/** Waits for the graphics card: nothing can be read before it is drawn. */
function readOnePixel(canvas: HTMLCanvasElement): void {
  const gl = canvas.getContext("webgl2");
  gl?.readPixels(5, 5, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

function driverName(): string {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  return gl === null || info == null ? "unknown" : String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
}

function generatedPlane(seed: number): BytePlane {
  const bytes = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) bytes[y * SIZE.width + x] = ((x >> 5) * 7 + (y >> 5) * 13 + seed * 5) % 19;
  }
  return { ...SIZE, bytes };
}

async function generatedPhoto(): Promise<Photo> {
  const data = new ImageData(SIZE.width, SIZE.height);
  for (let at = 0; at < data.data.length; at += 4) data.data.set([at >> 5, at >> 9, at >> 13, 255], at);
  return { ...SIZE, source: await createImageBitmap(data) };
}

Object.assign(globalThis, { timeStage });
