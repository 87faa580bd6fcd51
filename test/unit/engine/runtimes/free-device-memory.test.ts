// What nvidia-smi prints, read: free memory of a card, and who holds what on it.
import { expect, it } from "vitest";
import {
  freeBytesFrom,
  freeDeviceMemory,
  heldBytesFrom,
} from "../../../../src-main/engine/runtimes/free-device-memory.ts";

const MIB = 2 ** 20;

it("is read from the driver's words, and unknown where it has none", () => {
  expect(freeBytesFrom("81037\n")).toBe(81_037 * MIB);
  expect(freeBytesFrom("")).toBeNull();
  expect(freeBytesFrom("[N/A]\n")).toBeNull();
  expect(freeBytesFrom("No devices were found\n")).toBeNull();
  expect(heldBytesFrom("1234, 560\n99, [N/A]\n5678, 12\n")).toEqual([
    { pid: 1234, bytes: 560 * MIB },
    { pid: 5678, bytes: 12 * MIB },
  ]);
});

it("is not asked for where nothing computes on such a card", async () => {
  expect(await freeDeviceMemory({ runtime: "onnx", provider: "cpu" })).toBeNull();
  expect(await freeDeviceMemory({ runtime: "tfjs", provider: "auto" })).toBeNull();
});
