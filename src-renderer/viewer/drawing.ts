// What a renderer is given to draw, and what every renderer can do.
import type { Palette } from "../../src-shared/labels/palettes.ts";
import type { DeviceRect, DeviceView } from "./device-view.ts";
import type { BytePlane, Layer, LayerStyle, Picture } from "./picture.ts";

/** A picture in a vertical strip of its pane: all of it, or one side of the split. Device columns, `to` exclusive. */
export interface Strip {
  readonly picture: Picture;
  readonly from: number;
  readonly to: number;
}

export interface PaneDrawing {
  readonly rect: DeviceRect;
  /** Null where there is nothing to show yet. */
  readonly view: DeviceView | null;
  readonly strips: readonly Strip[];
  readonly style: LayerStyle;
}

/** From this many device pixels per image pixel on, photographs show their pixels instead of being smoothed. */
export const UNSMOOTHED_FROM = 2;

export interface CanvasDrawing {
  /** In device pixels. */
  readonly width: number;
  readonly height: number;
  readonly background: Palette[number];
  /** In motion, on a slow machine: photographs may be drawn roughly. Labels never are. */
  readonly isRough: boolean;
}

export interface Renderer {
  readonly kind: "webgl2" | "canvas2d";
  draw(canvas: CanvasDrawing, panes: readonly PaneDrawing[]): void;
  dispose(): void;
}

/** The planes a layer is made of, in the order in which `shade` calls them a, b and c. */
export function layerPlanes(layer: Layer): readonly [BytePlane | null, BytePlane | null, BytePlane | null] {
  switch (layer.kind) {
    case "none":
      return [null, null, null];
    case "labels":
      return [layer.labels, null, layer.confidence];
    case "heat":
      return [layer.values, null, null];
    case "errors":
      return [layer.labels, layer.truth, layer.counted];
    case "difference":
      return [layer.from, layer.to, layer.truth];
    case "pseudoLabel":
      return [layer.labels, null, null];
    default:
      return layer satisfies never;
  }
}

/** Opacity and threshold as the whole numbers that shaders compare bytes with. */
export function byteStyle({ opacity, threshold }: LayerStyle): { opacity255: number; threshold255: number } {
  return { opacity255: Math.round(opacity * 255), threshold255: Math.round(threshold * 255) };
}
