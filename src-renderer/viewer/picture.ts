// What a pane is asked to show: a photograph, and a layer of classes or values over it.

import type { TiledPhoto } from "./tiled-photo.ts";

/** uint8 [H, W]. Its identity is that of its bytes: the same array is uploaded once. */
export interface BytePlane {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Photo {
  readonly width: number;
  readonly height: number;
  readonly source: ImageBitmap;
}

export type Layer =
  | { readonly kind: "none" }
  /** Classes; with `confidence` only where it reaches the threshold. */
  | { readonly kind: "labels"; readonly labels: BytePlane; readonly confidence: BytePlane | null }
  /** Values, 0..255, on a ramp of colours. */
  | { readonly kind: "heat"; readonly values: BytePlane }
  /** Wrong pixels; what the truth ignores, or a plane of 0 leaves out, is neither right nor wrong. */
  | {
      readonly kind: "errors";
      readonly labels: BytePlane;
      readonly truth: BytePlane;
      /** 0: not counted, such as what lies far from every border. Null: all pixels are. */
      readonly counted: BytePlane | null;
    }
  /** Pixels whose class changed; with the truth, whether for the better. */
  | { readonly kind: "difference"; readonly from: BytePlane; readonly to: BytePlane; readonly truth: BytePlane | null }
  /** Classes where there are any; the rest of the photograph is dimmed. */
  | { readonly kind: "pseudoLabel"; readonly labels: BytePlane };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Null while it loads: the layer is drawn over plain grey. */
  readonly photo: Photo | TiledPhoto | null;
  readonly layer: Layer;
}

/** How layers are drawn; any change is a change of a few numbers, never of planes. */
export interface LayerStyle {
  /** 0..1 */
  readonly opacity: number;
  /** Least confidence, 0..1, that a pixel needs to be painted. */
  readonly threshold: number;
  /** Borders between classes instead of areas. */
  readonly hasOutline: boolean;
  /** Lines over the areas, another pattern for each class. */
  readonly hasPatterns: boolean;
  /** RGBA of every class id, 256 · 4 bytes; alpha 0 where the class is hidden. */
  readonly classColors: Uint8Array<ArrayBuffer>;
  /** The class shown alone, of which errors tell true and false positives and false negatives; the ignore label where there is none. */
  readonly soloClass: number;
}
