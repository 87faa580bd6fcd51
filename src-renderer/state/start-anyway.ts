// Starting a job that the machine is likely too small for: asked once, and then as the user says.
import { TRPCClientError } from "@trpc/client";
import { create } from "zustand";
import type { ErrorCode } from "../../src-shared/contract/errors.ts";
import { ask, type QuestionState } from "./ask.ts";

/** The server's sentence: what is needed, what there is, what to do; answered with whether to insist. */
export const useAnywayQuestion = create<QuestionState<string, boolean>>(() => ({ question: null }));

const TOO_SMALL: ErrorCode = "machine.short";

/**
 * Starts a job, or several: where it is refused for lack of memory or disk, the user is asked, and it is started anyway if they
 * say so.
 *
 * @param start  called again with true to insist
 * @returns null when the user changed their mind
 * @throws what `start` throws for any other reason
 */
export async function startOrAsk<Started>(start: (isForced: boolean) => Promise<Started>): Promise<Started | null> {
  try {
    return await start(false);
  } catch (error) {
    if (!isTooSmall(error)) throw error;
    return (await ask(useAnywayQuestion, error.message, false)) ? start(true) : null;
  }
}

function isTooSmall(error: unknown): error is Error {
  return error instanceof TRPCClientError && error.data?.appCode === TOO_SMALL;
}
