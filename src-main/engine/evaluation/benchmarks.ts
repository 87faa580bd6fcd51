// What the servers of the benchmarks accept: names, sizes, ids.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { BenchmarkId } from "../../../src-shared/contract/workbench/evaluations.ts";

export interface Benchmark {
  readonly id: BenchmarkId;
  readonly name: string;
  /** What the pixels of the PNGs are. */
  readonly ids: "labelIds" | "trainIds";
  readonly width: number;
  readonly height: number;
  /** Name inside the archive for an image of this key; null when no image of the benchmark has such a name. */
  fileName(key: string): string | null;
}

/** Cityscapes' names are CITY_SEQUENCE_FRAME, and its evaluation finds a result by this beginning. */
const CITYSCAPES_IMAGE = /^([a-zäöüß-]+_\d{6}_\d{6})(?:_leftImg8bit)?\.\w+$/;

/** Source: dataset specification, 3.1 (Cityscapes), 3.8 (ACDC), 3.9 (Dark Zurich), and 7 for sizes and ids. */
export const BENCHMARKS: readonly Benchmark[] = [
  {
    id: "cityscapes",
    name: "Cityscapes",
    ids: "labelIds",
    width: 2048,
    height: 1024,
    fileName: (key) => {
      const [, stem] = CITYSCAPES_IMAGE.exec(baseName(key)) ?? [];
      return stem === undefined ? null : `${stem}_labelIds.png`;
    },
  },
  { id: "acdc", name: "ACDC", ids: "trainIds", width: 1920, height: 1080, fileName: asPng },
  { id: "dark-zurich", name: "Dark Zurich", ids: "trainIds", width: 1920, height: 1080, fileName: asPng },
];

export function benchmarkOf(id: BenchmarkId): Benchmark {
  const found = BENCHMARKS.find((benchmark) => benchmark.id === id);
  if (found === undefined) throw new BugError(`the benchmark "${id}" is not described`);
  return found;
}

/** The image's base name: `GOPR0123_frame_000123_rgb_anon.png`. */
function asPng(key: string): string | null {
  const name = baseName(key);
  return /_rgb_anon\.\w+$/.test(name) ? name.replace(/\.\w+$/, ".png") : null;
}

function baseName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
