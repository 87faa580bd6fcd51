// Splits from lists: text files in the root, and GTA5's MATLAB file.
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { datasetFolder, listed } from "../../../helpers/dataset-trees.ts";

const FRAMES = ["00001", "00002", "00003", "00004"].flatMap((id) => [`images/${id}.png`, `labels/${id}.png`]);

async function splitsWith(content: Readonly<Record<string, Uint8Array | string>>) {
  const { items, lines } = await listed(datasetFolder("gta", FRAMES, content));
  return { splits: items.map(({ split }) => split), codes: lines.map(({ code }) => code) };
}

/** An element of a MAT file: tag, data, padding. */
function element(type: number, data: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(data.length, 4);
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

/** A short one: up to four bytes in the tag itself. */
function smallElement(type: number, data: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt16LE(type, 0);
  tag.writeUInt16LE(data.length, 2);
  data.copy(tag, 4);
  return tag;
}

function matrix(name: string, values: readonly number[]): Buffer {
  const int32 = (numbers: readonly number[]) => Buffer.from(Int32Array.from(numbers).buffer);
  const numbers = Buffer.from(Uint16Array.from(values).buffer);
  return element(
    14,
    Buffer.concat([
      element(6, int32([6, 0])),
      element(5, int32([values.length, 1])),
      element(1, Buffer.from(name)),
      numbers.length <= 4 ? smallElement(4, numbers) : element(4, numbers),
    ]),
  );
}

function matFile(...elements: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(128, " ");
  header.write("IM", 126, "latin1");
  return Buffer.concat([header, ...elements]);
}

function compressed(inner: Buffer): Buffer {
  const data = deflateSync(inner);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(data.length, 4);
  return Buffer.concat([tag, data]);
}

describe("splits", () => {
  it("come from train.txt, val.txt and test.txt, whose lines are names, paths, or pairs of paths", async () => {
    const lists = {
      "train.txt": "00001\n\nimages/00002.png labels/00002.png\r\n",
      "test.txt": "00003.png\n",
    };
    expect((await splitsWith(lists)).splits).toEqual(["train", "train", "test", null]);
  });

  it("come from GTA5's split.mat before lists", async () => {
    const mat = matFile(matrix("trainIds", [1, 4, 9]), compressed(matrix("valIds", [2])), matrix("testIds", [3]));
    expect(await splitsWith({ "split.mat": mat, "val.txt": "00001" })).toEqual({
      splits: ["train", "val", "test", "train"],
      codes: [],
    });
  });

  it.each([
    ["cut off", matFile(matrix("trainIds", [1, 2, 3])).subarray(0, 170)],
    ["of another kind", Buffer.from("MATLAB 7.3 MAT-file".padEnd(600))],
    ["damaged inside", matFile(element(15, Buffer.from("no zlib stream")))],
  ])("go without a split.mat that is %s, and say so", async (_, mat) => {
    expect(await splitsWith({ "split.mat": mat })).toEqual({
      splits: [null, null, null, null],
      codes: ["dataset.splitList"],
    });
  });
});
