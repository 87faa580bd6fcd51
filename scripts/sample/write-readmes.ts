// Writes what was found into the READMEs, between their markers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../src-main/files/write-file-atomically.ts";
import { flagsOf } from "../../src-main/server/services/command-words.ts";
import type { AdaptationConfig } from "../../src-shared/contract/adaptation-config.ts";
import { changedParameters, PUBLISHED_PARAMETERS } from "../../src-shared/contract/recommended-parameters.ts";
import type { MethodScores } from "./evaluate-methods.ts";
import { SCENES } from "./plan.ts";
import { betweenMarkers, meanAndDeviation, meanOf, scoresTable, targetMeans } from "./table.ts";

const { seeds, count } = SCENES.test;
const ABOUT =
  `Mean IoU in percent, pooled over ${count} scenes of a domain; mean ± standard deviation over ${seeds.length} sets of\n` +
  `scenes (seeds ${seeds.join(", ")}) that nothing was trained or tuned on. Rows without a deviation: the first set only.`;

/** The same table for both; the sample's own README also has the parameters. */
export async function writeReadmes(
  root: string,
  methods: readonly MethodScores[],
  recommended: AdaptationConfig,
): Promise<void> {
  const content = [ABOUT, scoresTable(methods), gains(methods)].join("\n\n");
  const parameters = `Recommended: \`${flagsOf(changedParameters(recommended, PUBLISHED_PARAMETERS)).join(" ")}\`.`;
  await replaceIn(join(root, "README.md"), content);
  await replaceIn(join(root, "resources", "sample", "README.md"), `${content}\n\n${parameters}`);
}

/** What the recommended parameters win, seed by seed. */
function gains(methods: readonly MethodScores[]): string {
  const adapted = methodOf(methods, "adapt-recommended");
  const over = (name: string, what: string): string => {
    const other = methodOf(methods, name);
    const targets = difference(targetMeans(adapted.scores), targetMeans(other.scores));
    const clear = difference(adapted.scores.clear, other.scores.clear);
    return `- over ${what}: ${meanAndDeviation(targets)} in the mean of the targets, ${meanOf(clear).toFixed(1)} on clear days`;
  };
  return [
    "What adapting with the recommended parameters wins, in points:\n",
    over("source", "the source's statistics"),
    over("predict", "the checkpoint as stored"),
  ].join("\n");
}

function methodOf(methods: readonly MethodScores[], name: string): MethodScores {
  const method = methods.find((one) => one.name === name);
  if (method === undefined) throw new Error(`there is no evaluation of "${name}"`);
  return method;
}

function difference(after: readonly number[], before: readonly number[]): number[] {
  return after.map((value, seed) => value - (before[seed] ?? Number.NaN));
}

async function replaceIn(path: string, content: string): Promise<void> {
  const text = betweenMarkers(await readFile(path, "utf8"), "sample-table", content);
  await writeFileAtomically(path, new TextEncoder().encode(text));
}
