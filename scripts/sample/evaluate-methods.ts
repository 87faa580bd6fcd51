// Evaluates a checkpoint on the test scenes, method by method, with `acclimate evaluate`.
import { join } from "node:path";
import { readModel } from "../../src-main/engine/process/open-model.ts";
import { SAMPLE_DOMAINS, type SampleDomain } from "../../src-main/engine/sample/render-sample-scene.ts";
import { type ComparedMethod, comparedMethods } from "../../src-shared/contract/compared-methods.ts";
import { type EvaluationSummary, evaluationSummarySchema } from "../../src-shared/contract/evaluation.ts";
import { recommendedIn } from "../../src-shared/contract/recommended-parameters.ts";
import { acclimate } from "./acclimate.ts";
import { sceneFolders } from "./draw-scenes.ts";
import { CLAIMED } from "./plan.ts";

/** Mean IoU in percent, pooled over the scenes of a domain and seed; by domain, in the order of the seeds. */
export type DomainScores = Readonly<Record<SampleDomain, readonly number[]>>;

export interface MethodScores {
  /** As in `comparedMethods`. */
  readonly name: string;
  readonly title: string;
  readonly scores: DomainScores;
}

/**
 * Those that something is claimed about on all seeds, the others on the first. An evaluation of the same checkpoint that was
 * stopped goes on.
 *
 * @returns in the order of `comparedMethods`
 */
export async function evaluateMethods(
  work: string,
  checkpoint: string,
  machine: readonly string[],
): Promise<readonly MethodScores[]> {
  const { metadata, summary } = await readModel(checkpoint);
  const methods: MethodScores[] = [];
  for (const method of comparedMethods(summary.alpha, recommendedIn(metadata, checkpoint))) {
    const seeds: EvaluationSummary[] = [];
    const { test } = sceneFolders(work);
    for (const { seed, folder } of CLAIMED.includes(method.name) ? test : test.slice(0, 1)) {
      const output = join(work, "evaluation", `${seed}`, method.name);
      const args = ["evaluate", folder, "--checkpoint", checkpoint, ...flagsOf(method), ...machine];
      const text = await acclimate([...args, "--output", output, "--json"]);
      seeds.push(evaluationSummarySchema.parse(JSON.parse(text)));
    }
    const scores = byDomain((domain) => seeds.map((one) => scoreIn(one, domain)));
    methods.push({ name: method.name, title: method.title, scores });
  }
  return methods;
}

function flagsOf({ config: { method, alpha }, recipe }: ComparedMethod): string[] {
  return [
    ...["--method", method],
    ...(alpha === null ? [] : ["--alpha", `${alpha}`]),
    ...(recipe === null ? [] : ["--recipe", recipe]),
  ];
}

function scoreIn({ domains, failed }: EvaluationSummary, domain: SampleDomain): number {
  const miou = domains.find(({ name }) => name === domain)?.miou ?? null;
  if (miou === null || failed > 0) throw new Error(`${domain}: ${failed} images gave no result`);
  return 100 * miou;
}

function byDomain<T>(value: (domain: SampleDomain) => T): Record<SampleDomain, T> {
  const [clear, fog, night, rain] = SAMPLE_DOMAINS.map(value) as [T, T, T, T];
  return { clear, fog, night, rain };
}
