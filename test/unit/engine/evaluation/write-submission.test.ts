// A submission holds exactly what the benchmark's server accepts, or is not written.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { BENCHMARKS, type Benchmark } from "../../../../src-main/engine/evaluation/benchmarks.ts";
import { planSubmission, writeSubmission } from "../../../../src-main/engine/evaluation/write-submission.ts";
import { decodeLabelMap } from "../../../../src-main/engine/images/decode-label-map.ts";
import { evaluationOf } from "../../../helpers/evaluation-folder.ts";

const BERLIN = "leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png";

function benchmark(id: Benchmark["id"]): Benchmark {
  const found = BENCHMARKS.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

test("Cityscapes gets label ids under the names its evaluation finds", async () => {
  const folder = await evaluationOf([{ key: BERLIN, width: 2048, height: 1024, trainId: 13 }]);
  const output = join(folder, "submission.zip");
  expect(await writeSubmission(folder, benchmark("cityscapes"), output)).toEqual({ files: 1, path: output });
  const bytes = new Uint8Array(readFileSync(output));
  const [name, member] = [...readZipDirectory("submission.zip", bytes)][0] ?? [];
  if (member === undefined) throw new Error("empty archive");
  expect(name).toBe("berlin_000000_000019_labelIds.png");
  const png = join(folder, "one.png");
  writeFileSync(png, readZipMember("submission.zip", bytes, member));
  const { width, height, data } = await decodeLabelMap(png);
  expect([width, height]).toEqual([2048, 1024]);
  expect(new Set(data)).toEqual(new Set([26])); // car
});

test("ACDC gets train ids under the image's own name", async () => {
  const key = "rgb_anon/night/test/GP010376/GP010376_frame_000001_rgb_anon.png";
  const folder = await evaluationOf([{ key, width: 1920, height: 1080, trainId: 13 }]);
  const output = join(folder, "submission.zip");
  await writeSubmission(folder, benchmark("acdc"), output);
  const bytes = new Uint8Array(readFileSync(output));
  expect([...readZipDirectory("submission.zip", bytes).keys()]).toEqual(["GP010376_frame_000001_rgb_anon.png"]);
});

test.each([
  ["a wrong size", { key: BERLIN, width: 1024, height: 512, trainId: 0 }, "has 1024 x 512 pixels, not 2048 x 1024"],
  ["a foreign name", { key: "drive/1.png", width: 2048, height: 1024, trainId: 0 }, "is not named as an image"],
  ["a prediction in label ids", { key: BERLIN, width: 2048, height: 1024, trainId: 26 }, "these are label ids"],
  ["an id that is no class", { key: BERLIN, width: 2048, height: 1024, trainId: 200 }, "has the id 200"],
])("%s is refused, and nothing is written", async (_, prediction, sentence) => {
  const folder = await evaluationOf([prediction]);
  const output = join(folder, "submission.zip");
  await expect(writeSubmission(folder, benchmark("cityscapes"), output)).rejects.toThrow(sentence);
  expect(existsSync(output)).toBe(false);
});

test("an evaluation that is not finished is refused", async () => {
  const folder = await evaluationOf([{ key: BERLIN, width: 2048, height: 1024, trainId: 0 }], 2);
  await expect(writeSubmission(folder, benchmark("cityscapes"), join(folder, "s.zip"))).rejects.toThrow(
    "results of 1 of 2 images",
  );
});

test("a plan names the files, and what the server would refuse, without writing anything", async () => {
  const frankfurt = "leftImg8bit/test/frankfurt/frankfurt_000000_000001_leftImg8bit.png";
  const folder = await evaluationOf([
    { key: BERLIN, width: 2048, height: 1024, trainId: 0 },
    { key: frankfurt, width: 512, height: 256, trainId: 0 },
  ]);
  expect(await planSubmission(folder, benchmark("cityscapes"))).toEqual({
    files: [
      { key: BERLIN, name: "berlin_000000_000019_labelIds.png" },
      { key: frankfurt, name: "frankfurt_000000_000001_labelIds.png" },
    ],
    problems: [`"${frankfurt}" has 512 x 256 pixels, not 2048 x 1024`],
  });
  const { problems } = await planSubmission(folder, benchmark("acdc"));
  expect(problems[0]).toContain("is not named as an image of ACDC");
});

test("a submission that is cancelled is not written", async () => {
  const folder = await evaluationOf([{ key: BERLIN, width: 2048, height: 1024, trainId: 0 }]);
  const output = join(folder, "submission.zip");
  await expect(writeSubmission(folder, benchmark("cityscapes"), output, AbortSignal.abort())).rejects.toThrow();
  expect(existsSync(output)).toBe(false);
});
