// Pictures for panes: what is here is shown at once, the rest is fetched while the last complete picture stays.

import { useEffect, useMemo, useReducer, useRef, useState } from "react";
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import { labelSetFor, type ModelClasses } from "../../src-shared/labels/label-sets.ts";
import { classColorRow } from "../viewer/color-rows.ts";
import type { BytePlane, Layer, LayerStyle, Photo, Picture } from "../viewer/picture.ts";
import { TiledPhoto } from "../viewer/tiled-photo.ts";
import type { Size } from "../viewer/viewport.ts";
import { soloClassOf, useDisplay } from "./display.ts";
import { type LayerRequest, layerFrom, urlsOf } from "./layer-requests.ts";
import { photos, planes } from "./pixels.ts";
import { sentenceOf } from "./tell.ts";

export interface PhotoState {
  readonly photo: Photo | TiledPhoto | null;
  readonly problem: string | null;
}

/** The decoded photograph at an address. */
export function usePhoto(url: string | null): PhotoState {
  const [failure, setFailure] = useState<{ url: string; problem: string } | null>(null);
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const photo = url === null ? null : photos.peek(url);
  useEffect(() => {
    if (url === null || photos.peek(url) !== null) return;
    let isWanted = true;
    photos.get(url).then(
      () => isWanted && refresh(),
      (error: unknown) => isWanted && setFailure({ url, problem: sentenceOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [url]);
  // Tiles are cut when they are first seen, which may fail.
  useEffect(
    () => (photo instanceof TiledPhoto ? photo.subscribe(() => photo.problem !== null && refresh()) : undefined),
    [photo],
  );
  const tilesProblem = photo instanceof TiledPhoto ? photo.problem : null;
  return { photo, problem: photo === null && failure?.url === url ? failure.problem : tilesProblem };
}

export interface PictureState {
  readonly picture: Picture | null;
  readonly isLoading: boolean;
  readonly problem: string | null;
}

/** @param size  of the image, from its photograph or from the run; null while neither is known */
export function usePicture(
  { photo, problem: photoProblem }: PhotoState,
  size: Size | null,
  request: LayerRequest,
): PictureState {
  const [failure, setFailure] = useState<{ key: string; problem: string } | null>(null);
  const [arrived, countArrival] = useReducer((count: number) => count + 1, 0);
  const key = JSON.stringify(request);
  const width = size?.width ?? 0;
  const height = size?.height ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the request; arrivals fill the cache
  const layer = useMemo(
    () => (width === 0 ? null : layerFrom(request, (url) => planeOf(planes.peek(url), width, height))),
    [key, width, height, arrived],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the request
  useEffect(() => {
    const missing = urlsOf(request).filter((url) => planes.peek(url) === null);
    if (missing.length === 0) return;
    const controller = new AbortController();
    Promise.all(missing.map((url) => planes.get(url, controller.signal))).then(countArrival, (error: unknown) => {
      if (!controller.signal.aborted) setFailure({ key, problem: sentenceOf(error) });
    });
    return () => controller.abort();
  }, [key]);

  // Of another image nothing may stay, and a layer of another kind would be misread.
  const last = useRef<{ layer: Layer; size: string } | null>(null);
  const sizeKey = `${width}x${height}`;
  if (layer !== null) last.current = { layer, size: sizeKey };
  const kept = last.current?.size === sizeKey && last.current.layer.kind === request.kind ? last.current.layer : null;
  const shown = layer ?? kept;
  const picture = useMemo(
    (): Picture | null => (width === 0 ? null : { width, height, photo, layer: shown ?? { kind: "none" } }),
    [width, height, photo, shown],
  );
  const layerProblem = layer === null && failure?.key === key ? failure.problem : null;
  const problem = photoProblem ?? layerProblem;
  // A photograph that can't be read may leave the size unknown for ever: then nothing more is waited for.
  return { picture, isLoading: layer === null && problem === null, problem };
}

function planeOf(bytes: Uint8Array<ArrayBuffer> | null, width: number, height: number): BytePlane | null {
  return bytes !== null && bytes.length === width * height ? { width, height, bytes } : null;
}

/** How layers are drawn now, for a model of these classes. */
export function useLayerStyle(model: ModelClasses): LayerStyle {
  const { opacity, palette, hiddenClasses, confidenceThreshold, outline, hasPatterns } = useDisplay();
  const modelClasses = labelSetFor(model);
  const classColors = useMemo(() => {
    const { palette: own, colorBlindSafePalette } = modelClasses;
    const colors = palette === "cityscapes" ? own : colorBlindSafePalette;
    return classColorRow(colors, hiddenClasses);
  }, [modelClasses, palette, hiddenClasses]);
  return useMemo(
    () => ({
      opacity,
      threshold: confidenceThreshold,
      hasOutline: outline,
      hasPatterns,
      classColors,
      soloClass: soloClassOf(hiddenClasses, modelClasses.numClasses) ?? IGNORE_LABEL,
    }),
    [opacity, confidenceThreshold, outline, hasPatterns, classColors, hiddenClasses, modelClasses],
  );
}
