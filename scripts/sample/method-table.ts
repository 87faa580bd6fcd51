// What the tables of methods that train on the sample have in common: scenes, trainings that go on where they were stopped,
// scores by domain, rows of means and deviations over the seeds.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SAMPLE_DOMAINS, type SampleDomain } from "../../src-main/engine/sample/render-sample-scene.ts";
import { trainingFiles } from "../../src-main/engine/training/training-store.ts";
import { writeFileAtomically } from "../../src-main/files/write-file-atomically.ts";
import { evaluationSummarySchema } from "../../src-shared/contract/evaluation.ts";
import { acclimate } from "./acclimate.ts";
import { TARGETS } from "./plan.ts";
import { betweenMarkers, meanAndDeviation, meanOf } from "./table.ts";

/** The scenes of one seed serve one purpose; none is one of those that the sample's network has learnt from. */
const SCENES: readonly {
  readonly name: string;
  readonly seed: number;
  readonly count: number;
  readonly domains: readonly SampleDomain[];
}[] = [
  { name: "source", seed: 21, count: 96, domains: ["clear"] },
  { name: "target", seed: 22, count: 24, domains: TARGETS },
  { name: "validation", seed: 23, count: 6, domains: TARGETS },
  { name: "test", seed: 24, count: 20, domains: SAMPLE_DOMAINS },
];

/** Mean IoU in percent, by domain. */
export type DomainScores = Readonly<Record<string, number>>;

export class MethodTable {
  readonly #work: string;
  readonly #machine: readonly string[];

  /**
   * @param work     folder of what is in between
   * @param machine  flags that every call gets
   */
  constructor(work: string, machine: readonly string[]) {
    this.#work = work;
    this.#machine = machine;
  }

  path(name: string): string {
    return join(this.#work, name);
  }

  async drawScenes(): Promise<void> {
    for (const { name, seed, count, domains } of SCENES) {
      const last = `${String(count - 1).padStart(3, "0")}.png`;
      if (existsSync(join(this.#scenes(name), domains.at(-1) ?? "", "labels", last))) continue;
      const drawn = ["--domain", ...domains, "--count", `${count}`, "--seed", `${seed}`];
      await acclimate(["sample", ...drawn, "--output", this.#scenes(name)]);
    }
  }

  /**
   * Trains from the source's scenes, with the target's where the method has one; the validation's choose the epoch.
   *
   * @returns the checkpoint
   */
  async train(name: string, hasTarget: boolean, args: readonly string[]): Promise<string> {
    const output = this.path(`${name}.safetensors`);
    const isStopped = existsSync(trainingFiles(output).state);
    if (existsSync(output) && !isStopped) return output;
    const target = hasTarget ? ["--target-dataset-root", this.#scenes("target")] : [];
    const data = ["--dataset-root", this.#scenes("source"), ...target];
    const chosen = ["--val-dataset-root", this.#scenes("validation"), "--val-split", "all"];
    const all = [...data, ...chosen, ...args, ...this.#machine, "--output", output];
    await acclimate(["train", ...all, ...(isStopped ? ["--resume"] : [])]);
    return output;
  }

  /** Of plain prediction of the test's scenes. */
  async scoresOf(name: string, checkpoint: string): Promise<DomainScores> {
    const args = [
      "evaluate",
      this.#scenes("test"),
      "--checkpoint",
      checkpoint,
      "--method",
      "predict",
      ...this.#machine,
    ];
    const output = join(this.#work, "evaluation", name);
    const summary = evaluationSummarySchema.parse(JSON.parse(await acclimate([...args, "--output", output, "--json"])));
    return Object.fromEntries(summary.domains.map(({ name: domain, miou }) => [domain, 100 * (miou ?? Number.NaN)]));
  }

  #scenes(name: string): string {
    return join(this.#work, "scenes", name);
  }
}

/** Seed by seed, what the first scores are above the others. */
export function gains(scores: readonly DomainScores[], others: readonly DomainScores[]): DomainScores[] {
  return scores.map((own, index) =>
    Object.fromEntries(
      Object.entries(own).map(([name, score]) => [name, score - (others[index]?.[name] ?? Number.NaN)]),
    ),
  );
}

/** Writes the table between the document's `sample-table` marks, and prints it. */
export async function writeTable(
  document: string,
  rows: readonly (readonly [title: string, scores: readonly DomainScores[]])[],
): Promise<void> {
  const head = ["mean IoU in %", ...SAMPLE_DOMAINS, `mean of ${TARGETS.join(", ")}`];
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  const lines = [head, rule, ...rows.map(([title, scores]) => [title, ...cells(scores)])];
  const text = lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
  console.log(text);
  const changed = betweenMarkers(await readFile(document, "utf8"), "sample-table", text);
  await writeFileAtomically(document, [Buffer.from(changed)]);
}

function cells(scores: readonly DomainScores[]): string[] {
  return [...SAMPLE_DOMAINS.map((domain) => [domain]), TARGETS].map((domains) =>
    meanAndDeviation(scores.map((one) => meanOf(domains.map((domain) => one[domain] ?? Number.NaN)))),
  );
}
