// The .npz writer, byte by byte and as NumPy reads it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { npzPieces } from "../../../../../src-main/engine/process/exports/npz-pieces.ts";

const hasNumpy = spawnSync("/usr/bin/python3", ["-c", "import numpy"]).status === 0;
const ARRAY = { data: Float32Array.of(0.25, -1, 3.5, 0, 1e-9, 7), shape: [3, 1, 2] };

describe("npzPieces", () => {
  test("writes a header that ends at a multiple of 64 bytes, then the numbers in C order", () => {
    const bytes = Buffer.concat([...npzPieces(new Map([["probabilities", ARRAY]]))]);
    const member = readZipDirectory("a.npz", bytes).get("probabilities.npy");
    if (member === undefined) throw new Error("the archive has no probabilities.npy");
    const npy = Buffer.from(readZipMember("a.npz", bytes, member));
    expect(npy.subarray(0, 10)).toEqual(Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"));
    expect(npy.toString("latin1", 10, 128).trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 2), }",
    );
    expect(npy[127]).toBe("\n".charCodeAt(0));
    expect(new Float32Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length))).toEqual(ARRAY.data);
  });

  test.skipIf(!hasNumpy)("is what NumPy loads", () => {
    const folder = mkdtempSync(join(tmpdir(), "acclimate-npz-"));
    try {
      const path = join(folder, "a.npz");
      const flat = { data: Float32Array.of(1, 2), shape: [2] };
      writeFileSync(
        path,
        Buffer.concat([
          ...npzPieces(
            new Map([
              ["probabilities", ARRAY],
              ["flat", flat],
            ]),
          ),
        ]),
      );
      const script =
        "import sys, numpy as np; z = np.load(sys.argv[1]); a = z['probabilities']; " +
        "print(a.dtype, a.shape, a.flags['C_CONTIGUOUS'], a.ravel().tolist(), z['flat'].tolist())";
      const told = execFileSync("/usr/bin/python3", ["-c", script, path], { encoding: "utf8" });
      expect(told).toBe("float32 (3, 1, 2) True [0.25, -1.0, 3.5, 0.0, 9.999999717180685e-10, 7.0] [1.0, 2.0]\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
