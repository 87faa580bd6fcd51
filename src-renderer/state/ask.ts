// A question that a dialog shows and the user answers: one at a time, a new one takes the place of the last.
import type { StoreApi } from "zustand";

export interface Question<Asked, Answer> {
  readonly asked: Asked;
  readonly answer: (answer: Answer) => void;
}

/** What a dialog shows; null while there is no question. */
export interface QuestionState<Asked, Answer> {
  readonly question: Question<Asked, Answer> | null;
}

/** @param otherwise  the answer to the question before, if it is still open */
export async function ask<Asked, Answer>(
  store: Pick<StoreApi<QuestionState<Asked, Answer>>, "getState" | "setState">,
  asked: Asked,
  otherwise: Answer,
): Promise<Answer> {
  store.getState().question?.answer(otherwise);
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const question = { asked, answer: resolve };
  store.setState({ question });
  const answer = await promise;
  // Another question may stand there by now.
  if (store.getState().question === question) store.setState({ question: null });
  return answer;
}
