// Evaluates a checkpoint on the test scenes, all methods side by side, with `acclimate evaluate --compare`.
import { join } from "node:path";
import { z } from "zod";
import { SAMPLE_DOMAINS, type SampleDomain } from "../../src-main/engine/datasets/sample/render-sample-scene.ts";
import { evaluationSummarySchema } from "../../src-shared/contract/evaluation.ts";
import { acclimate } from "./acclimate.ts";
import { sceneFolders } from "./draw-scenes.ts";

const comparedSchema = z.object({
  methods: z.array(z.object({ name: z.string(), title: z.string(), summary: evaluationSummarySchema })),
});

/** Mean IoU in percent, pooled over the scenes of a domain and seed; by domain, in the order of the seeds. */
export type DomainScores = Readonly<Record<SampleDomain, readonly number[]>>;

export interface MethodScores {
  /** As in `comparedMethods`. */
  readonly name: string;
  readonly title: string;
  readonly scores: DomainScores;
}

/** In the order of `comparedMethods`. An evaluation of the same checkpoint that was stopped goes on. */
export async function evaluateMethods(
  work: string,
  checkpoint: string,
  machine: readonly string[],
): Promise<readonly MethodScores[]> {
  const seeds = [];
  for (const { seed, folder } of sceneFolders(work).test) {
    const output = ["--output", join(work, "evaluation", `${seed}`), "--json"];
    const text = await acclimate(["evaluate", folder, "--checkpoint", checkpoint, "--compare", ...machine, ...output]);
    seeds.push(comparedSchema.parse(JSON.parse(text)).methods);
  }
  const [first = [], ...others] = seeds;
  return first.map(({ name, title, summary }, k) => {
    const summaries = [summary, ...others.flatMap((methods) => methods[k]?.summary ?? [])];
    return { name, title, scores: byDomain((domain) => summaries.map((one) => scoreIn(one, domain))) };
  });
}

function scoreIn({ domains, failed }: z.infer<typeof evaluationSummarySchema>, domain: SampleDomain): number {
  const miou = domains.find(({ name }) => name === domain)?.miou ?? null;
  if (miou === null || failed > 0) throw new Error(`${domain}: ${failed} images gave no result`);
  return 100 * miou;
}

function byDomain<T>(value: (domain: SampleDomain) => T): Record<SampleDomain, T> {
  const [clear, fog, night, rain] = SAMPLE_DOMAINS.map(value) as [T, T, T, T];
  return { clear, fog, night, rain };
}
