// The course of many images: how far ahead it reads, what waits behind, and what ends it.
import { expect, it } from "vitest";
import { type ImageCourse, overImages } from "../../../../src-main/engine/evaluation/over-images.ts";
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";

type Course = ImageCourse<string, string, string, string>;

const ITEMS = ["a", "b", "c", "d"];

/** Everything that happens, in order: "read a", "run a", "finish a", "record a". */
async function course(change: Partial<Course>): Promise<{ happened: string[]; error: unknown }> {
  const happened: string[] = [];
  const step = (what: string) => async (item: string) => {
    happened.push(`${what} ${item}`);
    return item;
  };
  const whole: Course = {
    items: ITEMS,
    ahead: 1,
    behind: 0,
    signal: new AbortController().signal,
    onStarted: () => undefined,
    load: step("read"),
    run: step("run"),
    finish: step("finish"),
    record: async (outcome, item) => {
      happened.push(`${"error" in outcome ? "failed" : "record"} ${item}`);
    },
    ...change,
  };
  const error = await overImages(whole).then(
    () => null,
    (failure: unknown) => failure,
  );
  return { happened, error };
}

it("reads as far ahead as it may, and has recorded an image before the next begins where none may wait", async () => {
  const { happened } = await course({});
  for (const [k, item] of ITEMS.entries()) {
    const next = ITEMS[k + 1];
    if (next === undefined) continue;
    expect(happened.indexOf(`record ${item}`)).toBeLessThan(happened.indexOf(`run ${next}`));
    expect(happened.indexOf(`read ${next}`)).toBeLessThan(happened.indexOf(`record ${item}`));
  }
  expect(happened).not.toContain("read e");
  expect(happened.indexOf("read c")).toBeGreaterThan(happened.indexOf("run b"));
});

it("records in the order of the images, however long each takes to finish", async () => {
  const first = Promise.withResolvers<string>();
  const { happened } = await course({
    behind: 2,
    finish: async (item) => {
      if (item === "c") first.resolve("a");
      return item === "a" ? first.promise : item;
    },
  });
  expect(happened.filter((one) => one.startsWith("record"))).toEqual(ITEMS.map((item) => `record ${item}`));
});

it("goes on after an image that fails in any part, and ends with the first that can't be recorded", async () => {
  const damaged = (at: string) => async (item: string) => {
    if (item === at) throw new AppError("image.damaged", "torn");
    return item;
  };
  const { happened, error } = await course({ load: damaged("a"), run: damaged("b"), finish: damaged("c") });
  expect(happened).toEqual(["failed a", "failed b", "failed c", "record d"]);
  expect(error).toBeNull();
  const full = new AppError("output.diskFull", "full");
  const stopped = await course({ record: () => Promise.reject(full) });
  expect(stopped.error).toBe(full);
  expect(stopped.happened).not.toContain("run b");
});

it("records what is computed before it is cancelled", async () => {
  const controller = new AbortController();
  const { happened, error } = await course({
    behind: 2,
    signal: controller.signal,
    run: async (item) => {
      if (item === "b") controller.abort();
      return item;
    },
  });
  expect(error).toBeInstanceOf(CancelledError);
  expect(happened.filter((one) => one.startsWith("record"))).toEqual(["record a", "record b"]);
});
