// Opening checkpoints: formats, training checkpoints, prefixes, strangers; and nothing but clear errors for any bytes.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { safetensorsPieces } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import {
  type Checkpoint,
  loadCheckpoint,
  parseCheckpoint,
} from "../../../../src-main/engine/models/load-checkpoint.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { FIXTURES } from "../../../helpers/fixtures-root.ts";
import { orderedDict, PyCall, PyGlobal, PyTuple, type PyValue } from "../../../helpers/write-pickle.ts";
import {
  type TorchCheckpointOptions,
  torchLegacyChunks,
  torchZipChunks,
} from "../../../helpers/write-torch-checkpoint.ts";
import { zipBytes } from "../../../helpers/write-zip.ts";

const GOLDEN = join(FIXTURES, "G-pth");
const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-load-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const WEIGHT: StateTensor = { dtype: "float32", shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 0) };
const COUNT: StateTensor = { dtype: "int64", shape: [], data: BigInt64Array.of(2n ** 53n + 1n) };
const FLAGS: StateTensor = { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) };
const TENSORS = new Map([
  ["conv.weight", WEIGHT],
  ["flags", FLAGS],
  ["bn.num_batches_tracked", COUNT],
]);

function parse(chunks: readonly Uint8Array[]): Checkpoint {
  return parseCheckpoint({ path: "x.pth", name: "x.pth", bytes: new Uint8Array(Buffer.concat(chunks)), sha256: "" });
}

function parseWrapped(wrap: (stateDict: PyValue) => PyValue): Checkpoint {
  return parse(torchZipChunks(TENSORS, { wrap }));
}

describe("containers", () => {
  test.each<[string, TorchCheckpointOptions]>([
    ["as torch writes it", {}],
    ["members at odd offsets", { alignment: 1 }],
    ["deflated members", { isDeflated: true }],
    ["zip64 fields", { isZip64: true }],
    ["no data descriptors", { hasDataDescriptors: false }],
    ["a little-endian mark", { extraMembers: new Map([["byteorder", Buffer.from("little")]]) }],
  ])("zip: %s", (_, options) => {
    const checkpoint = parse(torchZipChunks(TENSORS, options));
    expect(checkpoint.format).toBe("torch-zip");
    expect(checkpoint.stateDict).toEqual(TENSORS);
  });

  test("legacy, with storages that start at odd offsets", () => {
    const checkpoint = parse(torchLegacyChunks(TENSORS));
    expect(checkpoint.format).toBe("torch-legacy");
    expect(checkpoint.stateDict).toEqual(TENSORS);
  });

  test("a big-endian file is refused", () => {
    const extraMembers = new Map([["byteorder", Buffer.from("big")]]);
    expectRefusal(() => parse(torchZipChunks(TENSORS, { extraMembers })), "checkpoint.format", /big-endian/);
  });

  test("a TorchScript program is refused", () => {
    const extraMembers = new Map([["constants.pkl", Buffer.from("")]]);
    expectRefusal(() => parse(torchZipChunks(TENSORS, { extraMembers })), "checkpoint.format", /TorchScript/);
  });

  test("a zip archive of something else is refused", () => {
    const bytes = zipBytes(new Map([["photo.png", Buffer.from("png")]]));
    expectRefusal(() => parse([bytes]), "checkpoint.format", /without data\.pkl/);
  });

  test("a legacy file cut inside a storage is refused", () => {
    const whole = Buffer.concat(torchLegacyChunks(TENSORS));
    expectRefusal(() => parse([whole.subarray(0, -3)]), "checkpoint.damaged", /ends in storage "2"/);
  });
});

test("a safetensors file is told from a pickle whatever the length of its header", () => {
  for (let padding = 0; padding < 1024; padding += 1) {
    const pieces = [...safetensorsPieces(TENSORS, { note: "x".repeat(padding) })];
    expect(parse(pieces).format).toBe("safetensors");
  }
});

describe("training checkpoints", () => {
  const dict = (entries: readonly (readonly [PyValue, PyValue])[]) => new Map<PyValue, PyValue>(entries);

  test.each(["state_dict", "model", "model_state_dict", "net", "student"])("weights under %j", (key) => {
    const { stateDict, metadata } = parseWrapped((weights) =>
      dict([
        ["epoch", 7],
        ["best", 0.5],
        [key, weights],
      ]),
    );
    expect([...stateDict.keys()]).toEqual([...TENSORS.keys()]);
    expect(metadata).toEqual({ epoch: 7, best: 0.5 });
  });

  test("weights two levels down, with the plain values of both", () => {
    const { stateDict, metadata } = parseWrapped((weights) => {
      return dict([
        ["done", true],
        [
          "model",
          dict([
            ["arch", "deeplab"],
            ["state_dict", weights],
          ]),
        ],
      ]);
    });
    expect(stateDict.size).toBe(3);
    expect(metadata).toEqual({ done: true, arch: "deeplab" });
  });

  test("of two copies the network wins over its moving average, whichever comes first", () => {
    const chosen = parseWrapped((weights) =>
      dict([
        ["ema", weights],
        ["model", orderedDict(entriesOf(weights, 3))],
      ]),
    );
    expect(chosen.stateDict.size).toBe(3);
    const larger = parseWrapped((weights) =>
      dict([
        ["model", orderedDict(entriesOf(weights, 1))],
        ["ema", weights],
      ]),
    );
    expect(larger.stateDict.size).toBe(3);
  });

  test("a numpy score is a number", () => {
    const dtype = new PyCall(new PyGlobal("numpy", "dtype"), ["f8", false, true], new Map(), new PyTuple(3, "<", null));
    const bytes = new PyCall(new PyGlobal("_codecs", "encode"), ["\0\0\0\0\0\0\u00f8?", "latin1"]);
    const score = new PyCall(new PyGlobal("numpy.core.multiarray", "scalar"), [dtype, bytes]);
    expect(
      parseWrapped((weights) =>
        dict([
          ["miou", score],
          ["model", weights],
        ]),
      ).metadata,
    ).toEqual({ miou: 1.5 });
  });

  test("a whole pickled network is refused by the name of its class", () => {
    const network = (weights: PyValue) =>
      new PyCall(new PyGlobal("networks.deeplab", "DeepLab"), [], new Map(), dict([["_parameters", weights]]));
    expectRefusal(
      () => parseWrapped((weights) => dict([["model", network(weights)]])),
      "checkpoint.hostile",
      /^"x\.pth": pickle global "networks\.deeplab\.DeepLab" at byte \d+ is not allowed\. Only tensors are read; export/,
    );
  });

  test("no tensors at all is refused", () => {
    expectRefusal(() => parseWrapped(() => dict([["epoch", 1]])), "checkpoint.format", /holds no named tensors/);
  });

  test("weights of a file that is mostly something else do not keep it in memory", () => {
    const large: StateTensor = { dtype: "float32", shape: [4000], data: new Float32Array(4000) };
    const tensors = new Map([...TENSORS, ["momentum", large]]);
    const { stateDict, sizeBytes } = parse(
      torchZipChunks(tensors, {
        wrap: (all) =>
          dict([
            ["model", orderedDict(entriesOf(all, 3))],
            ["optimizer", dict([["m", lastOf(all)]])],
          ]),
      }),
    );
    expect(stateDict).toEqual(TENSORS);
    for (const { data } of stateDict.values()) expect(data.buffer.byteLength).toBeLessThan(sizeBytes / 2);
  });
});

describe("names", () => {
  test("lose `module.` wherever wrappers put it", () => {
    const wrapped = new Map([
      ["module.net.module.conv.weight", WEIGHT] as const,
      ["module.submodule.bias", FLAGS] as const,
    ]);
    expect([...parse(torchZipChunks(wrapped)).stateDict.keys()]).toEqual(["net.conv.weight", "submodule.bias"]);
  });

  test("lose `module.` when all of them have it", () => {
    const wrapped = new Map([...TENSORS].map(([name, tensor]) => [`module.${name}`, tensor]));
    expect([...parse(torchZipChunks(wrapped)).stateDict.keys()]).toEqual([...TENSORS.keys()]);
  });

  test("keep it when one of them has none", () => {
    const mixed = new Map([
      ["module.conv.weight", WEIGHT],
      ["flags", FLAGS],
    ]);
    expect([...parse(torchZipChunks(mixed)).stateDict.keys()]).toEqual(["module.conv.weight", "flags"]);
  });
});

describe("files", () => {
  test("hash and size are of the whole file", async () => {
    const path = join(FOLDER, "hashed.pth");
    const bytes = Buffer.concat(torchZipChunks(TENSORS, { alignment: 1 }));
    writeFileSync(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await loadCheckpoint(path)).toMatchObject({ path, sha256, sizeBytes: bytes.length });
  });

  test.each([
    ["an empty file", "", "checkpoint.damaged", /is empty/],
    ["a text", "hello, world", "checkpoint.format", /neither a PyTorch checkpoint/],
    ["a web page after blank lines", "\n\n <html>", "checkpoint.format", /web page/],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\n", "checkpoint.format", /Git LFS/],
    ["a pickle of a number", "\x80\x02K\x01.", "checkpoint.format", /not one of torch\.save/],
  ])("%s is refused", async (_, content, code, message) => {
    const path = join(FOLDER, "stranger.pth");
    writeFileSync(path, content, "latin1");
    await expect(loadCheckpoint(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("a file that is not there is missing", async () => {
    await expect(loadCheckpoint(join(FOLDER, "none.pth"))).rejects.toMatchObject({ code: "input.missing" });
  });

  test("a folder is unreadable", async () => {
    await expect(loadCheckpoint(FOLDER)).rejects.toMatchObject({ code: "input.unreadable" });
  });
});

describe("whatever the bytes, the answer is a checkpoint or an AppError", () => {
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith(".pth"));
  const golden = files.map((name) => new Uint8Array(readFileSync(join(GOLDEN, name))));

  test("random bytes behind each format's first bytes", () => {
    const starts = ["", "PK\x03\x04", "PK\x05\x06", "\x80\x02", "\x80\x04\x95", "\x10\0\0\0\0\0\0\0{"];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, bytes) => {
        expectAnswer([Buffer.from(start, "latin1"), bytes]);
      }),
      { numRuns: 2000 },
    );
  });

  test("recorded files with a few bytes changed", () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.constantFrom(...golden), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        const bytes = file.slice();
        for (const { at, to } of changes) bytes[Math.floor(at * (bytes.length - 1))] = to;
        expectAnswer([bytes]);
      }),
      { numRuns: 3000 },
    );
  });

  test("recorded files cut anywhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...golden), fc.double({ min: 0, max: 0.999, noNaN: true }), (file, part) => {
        expectAnswer([file.slice(0, Math.max(1, Math.floor(part * file.length)))]);
      }),
      { numRuns: 500 },
    );
  });
});

function expectAnswer(chunks: readonly Uint8Array[]): void {
  try {
    parse(chunks);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toMatch(/^checkpoint\.(format|damaged|hostile)$/);
  }
}

function expectRefusal(action: () => unknown, code: string, message: RegExp): void {
  expect(action).toThrow(expect.objectContaining({ name: "AppError", code, message: expect.stringMatching(message) }));
}

function entriesOf(stateDict: PyValue, count: number): ReadonlyMap<PyValue, PyValue> {
  return new Map(stateDict instanceof PyCall ? [...stateDict.entries].slice(0, count) : []);
}

function lastOf(stateDict: PyValue): PyValue {
  return stateDict instanceof PyCall ? ([...stateDict.entries.values()].at(-1) ?? null) : null;
}
