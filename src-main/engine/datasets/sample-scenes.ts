// Sample scenes as a dataset: rendered on first use, then kept.

import { renderSampleScene, type SampleSceneOptions } from "../sample/render-sample-scene.ts";
import type { LabelledImage, LabelledImages } from "./labelled-images.ts";

export interface SampleScenesOptions extends Omit<SampleSceneOptions, "index"> {
  /** Index of the first scene. */
  readonly first: number;
  readonly count: number;
}

/** Successive scenes of a seed in one domain. Each is rendered once: that takes far longer than anything after it. */
export function sampleScenes({ first, count, ...options }: SampleScenesOptions): LabelledImages {
  const rendered = new Map<number, LabelledImage>();
  return {
    count,
    read: (index) => {
      const scene = rendered.get(index) ?? renderSampleScene({ ...options, index: first + index });
      rendered.set(index, scene);
      return Promise.resolve(scene);
    },
  };
}
