// The side of a thread that answers: one function from question to answer.
import { parentPort } from "node:worker_threads";
import { BugError } from "../../../src-shared/contract/errors.ts";
import { failureOf, type ThreadAnswer, type ThreadRequest } from "./thread-messages.ts";
import { transferable } from "./transferable.ts";

/** Large buffers of the answer are handed over, not copied. */
export interface Answer<Output> {
  readonly output: Output;
  readonly transfer: readonly ArrayBufferLike[];
}

export function answerRequests<Input, Output>(
  answer: (input: Input) => Answer<Output> | Promise<Answer<Output>>,
): void {
  const port = parentPort;
  if (port === null) throw new BugError("the program of a thread was started as a process");
  port.on("message", async ({ id, input }: ThreadRequest<Input>) => {
    try {
      const { output, transfer } = await answer(input);
      port.postMessage({ id, output } satisfies ThreadAnswer<Output>, transferable(transfer));
    } catch (error) {
      port.postMessage({ id, failure: failureOf(error) } satisfies ThreadAnswer<Output>);
    }
  });
}
