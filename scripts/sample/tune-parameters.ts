// Finds the parameters of self-adaptation on the development scenes, with `acclimate tune`.
import { join } from "node:path";
import { z } from "zod";
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { evaluationConfigSchema, evaluationSummarySchema } from "../../src-shared/contract/evaluation.ts";
import { acclimate } from "./acclimate.ts";
import { sceneFolders } from "./draw-scenes.ts";
import { SCENES, TARGETS, TUNINGS } from "./plan.ts";

const tunedSchema = z.array(z.object({ config: evaluationConfigSchema, summary: evaluationSummarySchema }));

export interface TunedParameters {
  readonly parameters: AdaptationConfig;
  /** Pooled mean IoU over the development scenes, 0..1. */
  readonly miou: number;
}

/** All combinations of all tunings, the best first. */
export async function tuneParameters(
  work: string,
  checkpoint: string,
  machine: readonly string[],
): Promise<readonly TunedParameters[]> {
  const { development } = sceneFolders(work);
  const tuned: TunedParameters[] = [];
  for (const { name, flags } of TUNINGS) {
    const output = join(work, "tuning", name);
    const text = await acclimate([
      ...["tune", development, "--checkpoint", checkpoint, ...flags, ...machine],
      ...["--output", output, "--json"],
    ]);
    for (const { config, summary } of tunedSchema.parse(JSON.parse(text))) {
      tuned.push({ parameters: adaptationConfigSchema.parse(config), miou: summary.pooled?.miou ?? 0 });
    }
  }
  return tuned.toSorted((a, b) => b.miou - a.miou);
}

/** For the checkpoint's metadata. */
export function foundOn(): string {
  const { seed, count } = SCENES.development;
  const domains = `${TARGETS.slice(0, -1).join(", ")} and ${TARGETS.at(-1)}`;
  return (
    `The highest pooled mean IoU over ${TARGETS.length * count} scenes of the built-in generator ` +
    `(seed ${seed}, ${count} each in ${domains}), among the combinations that acclimate tune tried.`
  );
}
