// What is refused for lack of memory or disk, what is only warned of, and in which words.
import { describe, expect, it } from "vitest";
import { type Need, requireRoom, shortages, tightWarnings } from "../../../src-shared/contract/machine-room.ts";

const GIB = 2 ** 30;
const need = (neededBytes: number, freeBytes: number, resource: Need["resource"] = "memory"): Need => ({
  resource,
  neededBytes,
  freeBytes,
});

describe("a job's room", () => {
  it("is enough up to what is free, tight up to a quarter more, and short beyond", () => {
    const degree = (one: Need) => shortages([one])[0]?.degree;
    expect(degree(need(4, 4))).toBeUndefined();
    expect(degree(need(4.01, 4))).toBe("tight");
    expect(degree(need(5, 4))).toBe("tight");
    expect(degree(need(5.01, 4))).toBe("short");
    expect(degree(need(1, 0))).toBe("short");
  });

  it("is refused with what is needed, what there is, and what to do", () => {
    expect(() => requireRoom("run", [need(12.34 * GIB, 4 * GIB)], "start it anyway")).toThrow(
      expect.objectContaining({
        code: "machine.short",
        message:
          "The run needs about 12.3 GiB of memory, and 4.0 GiB are free: " +
          "close other programs, use smaller scales, a window or a smaller image, or start it anyway.",
      }),
    );
    const disk = [need(1, 2), need(900 * 2 ** 20, 100 * 2 ** 20, "disk")];
    expect(() => requireRoom("export", disk, "start it anyway with --force")).toThrow(
      "The export needs about 900 MiB of disk, and 100 MiB are free: " +
        "free some space, choose another folder, or start it anyway with --force.",
    );
    expect(() => requireRoom("training", [need(3 * GIB, GIB, "device memory")], "x")).toThrow("GiB of device memory");
  });

  it("is warned of where it may do, and of nothing where it does", () => {
    const tight = [need(1.1 * GIB, GIB), need(1.1 * GIB, GIB, "disk"), need(1, 1)];
    expect(() => requireRoom("tuning", tight, "x")).not.toThrow();
    expect(tightWarnings("tuning", tight)).toEqual([
      "The tuning needs about 1.1 GiB of memory, and 1.0 GiB are free: it may be slow, or be ended by the system; " +
        "close other programs, search over smaller scales.",
      "The tuning needs about 1.1 GiB of disk, and 1.0 GiB are free: it may stop in the middle; free some space, use another disk.",
    ]);
  });
});
