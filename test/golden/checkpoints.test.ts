// Checkpoints written by PyTorch against the values it recorded for them, and files that must be refused.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CheckpointFormat } from "../../src-main/engine/checkpoints/file-content.ts";
import { type StateTensor, toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { loadCheckpoint } from "../../src-main/engine/models/load-checkpoint.ts";
import type { ErrorCode } from "../../src-shared/contract/errors.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";

const FOLDER = join(FIXTURES, "G-pth");

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string | boolean)[];
}
interface Case {
  readonly files: Readonly<Record<string, { readonly expect: string }>>;
  readonly state_dict: Readonly<Record<string, ExpectedTensor>>;
  readonly checkpoint: { readonly model: Readonly<Record<string, ExpectedTensor>> };
}
const CASE = JSON.parse(readFileSync(join(FOLDER, "case.json"), "utf8")) as Case;

const ACCEPTED: Readonly<Record<string, CheckpointFormat>> = {
  "state_dict_zip.pth": "torch-zip",
  "state_dict_legacy.pth": "torch-legacy",
  "state_dict_zip_protocol4.pth": "torch-zip",
  "state_dict_with_metadata.pth": "torch-zip",
  "state_dict_zip_newer_members.pth": "torch-zip",
  "checkpoint_zip.pth": "torch-zip",
  "checkpoint_legacy.pth": "torch-legacy",
};
const REFUSED: Readonly<Record<string, readonly [ErrorCode, RegExp]>> = {
  "reject_os_system_zip.pth": ["checkpoint.hostile", /pickle global "posix\.system" at byte 121 is not allowed/],
  "reject_os_system_legacy.pth": ["checkpoint.hostile", /pickle global "posix\.system" at byte 139 is not allowed/],
  "reject_plain_pickle.pth": ["checkpoint.hostile", /"posix\.system"/],
  "reject_builtins_eval.pth": ["checkpoint.hostile", /"builtins\.eval"/],
  "reject_truncated.pth": ["checkpoint.damaged", /incomplete download/],
  "reject_not_a_checkpoint.pth": ["checkpoint.format", /looks like a web page/],
  "reject_storage_too_small.pth": ["checkpoint.damaged", /has 8 bytes, 16 are needed/],
};

describe("files PyTorch wrote", () => {
  test.each(Object.entries(ACCEPTED))("%s has the recorded tensors, in order", async (name, format) => {
    const checkpoint = await loadCheckpoint(join(FOLDER, name));
    const expected = expectedTensors(name);
    expect(checkpoint.format).toBe(format);
    expect([...checkpoint.stateDict.keys()]).toEqual(expected.map(([key]) => key.replace("module.", "")));
    for (const [key, tensor] of expected) {
      const found = checkpoint.stateDict.get(key.replace("module.", ""));
      expect({ key, dtype: found?.dtype, shape: found?.shape }).toEqual({
        key,
        dtype: tensor.dtype,
        shape: tensor.shape,
      });
      if (found !== undefined) expect(valuesOf(found), key).toEqual(recordedValues(tensor));
    }
  });

  test("a training checkpoint gives its plain values as metadata", async () => {
    for (const name of ["checkpoint_zip.pth", "checkpoint_legacy.pth"]) {
      const { metadata } = await loadCheckpoint(join(FOLDER, name));
      expect(metadata).toEqual({ epoch: 7, best: 0.4513, name: "run" });
    }
  });
});

describe("files to be refused", () => {
  test.each(Object.entries(REFUSED))("%s", async (name, [code, message]) => {
    const loading = loadCheckpoint(join(FOLDER, name));
    await expect(loading).rejects.toMatchObject({ name: "AppError", code, message: expect.stringMatching(message) });
  });

  afterAll(() => expect(existsSync("/tmp/pwned"), "a payload was run").toBe(false));
});

test("every file of the case is tested", () => {
  const isRejected = (name: string) => CASE.files[name]?.expect === "reject";
  expect(Object.keys(CASE.files).filter(isRejected).sort()).toEqual(Object.keys(REFUSED).sort());
  expect(
    Object.keys(CASE.files)
      .filter((name) => !isRejected(name))
      .sort(),
  ).toEqual(Object.keys(ACCEPTED).sort());
});

function expectedTensors(name: string): [string, ExpectedTensor][] {
  if (name.startsWith("checkpoint")) return Object.entries(CASE.checkpoint.model);
  const all = Object.entries(CASE.state_dict);
  return CASE.files[name]?.expect.startsWith("first 6") ? all.slice(0, 6) : all;
}

/** JSON has no infinities, and writes large int64 values as decimal strings. */
function recordedValues({ dtype, values }: ExpectedTensor): (number | bigint)[] {
  return values.map((value) => (dtype === "int64" ? BigInt(value) : Number(value)));
}

function valuesOf(tensor: StateTensor): (number | bigint)[] {
  return tensor.data instanceof Uint16Array ? [...toFloat32(tensor)] : [...tensor.data];
}
