// Sample scenes as a dataset: rendered on first use, then kept.
import type { LabelledImage, LabelledImages } from "../labelled-images.ts";
import { renderSampleScene, type SampleSceneOptions } from "./render-sample-scene.ts";

export interface SampleScenesOptions extends Omit<SampleSceneOptions, "index"> {
  readonly count: number;
}

/** The first `count` scenes of a seed, in one domain. Each is rendered once: that takes far longer than reading it. */
export function sampleScenes({ count, ...options }: SampleScenesOptions): LabelledImages {
  const rendered = new Map<number, LabelledImage>();
  return {
    count,
    read: (index) => {
      const scene = rendered.get(index) ?? renderSampleScene({ ...options, index });
      rendered.set(index, scene);
      return Promise.resolve(scene);
    },
  };
}
