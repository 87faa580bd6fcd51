// A job that the machine is likely too small for: asked of the user, and started or not as they say.
import { TRPCClientError } from "@trpc/client";
import { expect, it } from "vitest";
import { startOrAsk, useAnywayQuestion } from "../../../../src-renderer/state/start-anyway.ts";
import { settled } from "../../../helpers/until.ts";

const refusal = (appCode: string) =>
  new TRPCClientError("It needs 9 GiB of memory.", { result: { error: { data: { appCode } } } as never });

/** Refuses unless it is insisted on. */
const start = async (isForced: boolean): Promise<string> => {
  if (!isForced) throw refusal("machine.short");
  return "started";
};

it("asks with the server's sentence, and insists when the user does", async () => {
  const started = startOrAsk(start);
  await settled();
  expect(useAnywayQuestion.getState().question?.asked).toBe("It needs 9 GiB of memory.");
  useAnywayQuestion.getState().question?.answer(true);
  expect(await started).toBe("started");
  expect(useAnywayQuestion.getState().question).toBeNull();
});

it("starts nothing when the user changes their mind, or is asked something else", async () => {
  const first = startOrAsk(start);
  await settled();
  const second = startOrAsk(start);
  await settled();
  expect(await first).toBeNull();
  expect(useAnywayQuestion.getState().question).not.toBeNull();
  useAnywayQuestion.getState().question?.answer(false);
  expect(await second).toBeNull();
});

it("asks nothing where there is room, or where something else is wrong", async () => {
  expect(await startOrAsk(async () => 1)).toBe(1);
  await expect(startOrAsk(() => Promise.reject(refusal("input.missing")))).rejects.toThrow("It needs 9 GiB");
  expect(useAnywayQuestion.getState().question).toBeNull();
});
