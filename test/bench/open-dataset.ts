// Times the opening of data sets of many empty files, in layouts with few large and with many small folders.
// node test/bench/open-dataset.ts [--images 25000]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { DatasetReport } from "../../src-main/engine/datasets/dataset-report.ts";
import { detectLayout } from "../../src-main/engine/datasets/detect-layout.ts";
import { listDataset } from "../../src-main/engine/datasets/list-dataset.ts";

const { values } = parseArgs({ options: { images: { type: "string", default: "25000" } } });
const count = Number(values.images);

/** Image and label of a number; an empty label is none. */
const TREES: Readonly<Record<string, (id: string, group: number) => readonly [string, string]>> = {
  gta: (id) => [`images/${id}.png`, `labels/${id}.png`],
  cityscapes: (id, group) => [
    `leftImg8bit/train/city${group}/c_${id}_leftImg8bit.png`,
    `gtFine/train/city${group}/c_${id}_gtFine_labelIds.png`,
  ],
  plain: (id, group) => [`${group}/${id}.png`, ""],
};
const GROUPS = 250;

function build(root: string, pathsOf: (id: string, group: number) => readonly [string, string]): void {
  const made = new Set<string>();
  for (let i = 0; i < count; i += 1) {
    for (const path of pathsOf(String(i + 1).padStart(5, "0"), i % GROUPS)) {
      if (path === "") continue;
      const folder = dirname(join(root, path));
      if (!made.has(folder)) mkdirSync(folder, { recursive: true });
      made.add(folder);
      writeFileSync(join(root, path), "");
    }
  }
}

async function time(root: string): Promise<string> {
  const report = new DatasetReport();
  const started = performance.now();
  const layout = await detectLayout(root);
  let firstMs: number | undefined;
  let items = 0;
  for await (const batch of listDataset(root, { layout, report })) {
    firstMs ??= performance.now() - started;
    items += batch.length;
  }
  const totalMs = performance.now() - started;
  return `| ${layout} | ${items} | ${firstMs?.toFixed(0)} ms | ${totalMs.toFixed(0)} ms |`;
}

console.log("| layout | items | to the first batch | in all |\n| --- | ---: | ---: | ---: |");
for (const [name, pathsOf] of Object.entries(TREES)) {
  const folder = mkdtempSync(join(tmpdir(), "acclimate-bench-"));
  try {
    const root = join(folder, name);
    build(root, pathsOf);
    console.log(await time(root));
    console.log(await time(root));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
