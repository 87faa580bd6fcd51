// Layers named by the addresses of their planes, and made of bytes once these are here.
import { boundaryBand } from "../viewer/boundary-band.ts";
import type { BytePlane, Layer } from "../viewer/picture.ts";

/** A layer with addresses in the place of planes; those that a layer can do without may be null. */
export type LayerRequest =
  | { readonly kind: "none" }
  | { readonly kind: "labels"; readonly labels: string; readonly confidence: string | null }
  | { readonly kind: "heat"; readonly values: string }
  /** Errors at most `bandPx` pixels from a border of the truth; 0: all of them. */
  | { readonly kind: "errors"; readonly labels: string; readonly truth: string; readonly bandPx: number }
  | { readonly kind: "difference"; readonly from: string; readonly to: string; readonly truth: string | null }
  | { readonly kind: "pseudoLabel"; readonly labels: string };

/** Everything that has to be fetched. */
export function urlsOf(request: LayerRequest): readonly string[] {
  const { kind: _, ...addresses } = request;
  return Object.values(addresses).filter((address) => typeof address === "string");
}

/** The layer, or null while one of its planes is missing. */
export function layerFrom(request: LayerRequest, planeAt: (url: string) => BytePlane | null): Layer | null {
  const optional = (url: string | null): BytePlane | null | undefined =>
    url === null ? null : (planeAt(url) ?? undefined);
  switch (request.kind) {
    case "none":
      return request;
    case "labels": {
      const [labels, confidence] = [planeAt(request.labels), optional(request.confidence)];
      return labels === null || confidence === undefined ? null : { kind: "labels", labels, confidence };
    }
    case "heat": {
      const values = planeAt(request.values);
      return values === null ? null : { kind: "heat", values };
    }
    case "errors": {
      const [labels, truth] = [planeAt(request.labels), planeAt(request.truth)];
      if (labels === null || truth === null) return null;
      return { kind: "errors", labels, truth, counted: bandOf(truth, request.bandPx) };
    }
    case "difference": {
      const [from, to, truth] = [planeAt(request.from), planeAt(request.to), optional(request.truth)];
      return from === null || to === null || truth === undefined ? null : { kind: "difference", from, to, truth };
    }
    case "pseudoLabel": {
      const labels = planeAt(request.labels);
      return labels === null ? null : { kind: "pseudoLabel", labels };
    }
    default:
      return request satisfies never;
  }
}

/** The last band of each truth, so that all panes share one. */
const bands = new WeakMap<Uint8Array, { readonly radiusPx: number; readonly band: BytePlane }>();

/** The pixels near a border of the truth that are counted; null: all are. */
export function bandOf(truth: BytePlane, radiusPx: number): BytePlane | null {
  if (radiusPx === 0) return null;
  const known = bands.get(truth.bytes);
  if (known?.radiusPx === radiusPx) return known.band;
  const band = boundaryBand(truth, radiusPx);
  bands.set(truth.bytes, { radiusPx, band });
  return band;
}
