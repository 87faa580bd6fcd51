// Makes the built-in sample anew: draws, trains, tunes, packs, evaluates, and writes the tables of the READMEs.
//
// Usage: npm run make:sample [-- --work FOLDER --threads N]
// FOLDER (default: out/sample) holds what is in between: the same command, given again after it was stopped, goes on there.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawScenes } from "./sample/draw-scenes.ts";
import { evaluateMethods } from "./sample/evaluate-methods.ts";
import { packCheckpoint, packScenes } from "./sample/pack-sample.ts";
import { trainNetwork } from "./sample/train-network.ts";
import { tuneParameters } from "./sample/tune-parameters.ts";
import { writeReadmes } from "./sample/write-readmes.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SAMPLE = join(ROOT, "resources", "sample");

const { values } = parseArgs({
  options: { work: { type: "string", default: join(ROOT, "out", "sample") }, threads: { type: "string" } },
});
const { work, threads } = values;
const machine = threads === undefined ? [] : ["--threads", threads];

await mkdir(work, { recursive: true });
await drawScenes(work);
const trained = await trainNetwork(work, machine);
const [best] = await tuneParameters(work, trained, machine);
if (best === undefined) throw new Error("nothing was tuned");
await packScenes(SAMPLE);
const checkpoint = await packCheckpoint(trained, best.parameters, SAMPLE);
await writeReadmes(ROOT, await evaluateMethods(work, checkpoint, machine), best.parameters);
