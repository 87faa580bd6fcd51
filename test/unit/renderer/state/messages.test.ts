// Messages over the window: kept to be read again, tied to what they are of.
import { describe, expect, it } from "vitest";
import { endedJob } from "../../../../src-renderer/app/notices.ts";
import { type Message, type Messages, withMessage } from "../../../../src-renderer/state/messages.ts";
import { anEvaluation, aRun, aTraining, aTuning } from "../../../helpers/workbench-entities.ts";

const message = (id: string): Message => ({ id, level: "warning", title: null, text: id, atMs: 1, about: null });
const none: Messages = { list: [], unread: 0 };

describe("messages", () => {
  it("are kept newest first, the same one once, and not without end", () => {
    let messages = [message("a"), message("b"), message("a")].reduce(withMessage, none);
    expect(messages.list.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(messages.unread).toBe(3);
    for (let k = 0; k < 300; k += 1) messages = withMessage(messages, message(String(k)));
    expect(messages.list).toHaveLength(100);
    expect(messages.list[0]?.id).toBe("299");
  });

  it("of a run, an evaluation, a tuning or a training end with it", () => {
    const [run, evaluation, training] = [
      aRun({ status: "finished" }),
      anEvaluation({ status: "failed" }),
      aTraining({ status: "cancelled" }),
    ];
    expect(endedJob({ type: "runChanged", run })).toBe(run.id);
    expect(endedJob({ type: "evaluationChanged", evaluation })).toBe(evaluation.id);
    expect(endedJob({ type: "trainingChanged", training })).toBe(training.id);
    const tuning = aTuning({ status: "interrupted" });
    expect(endedJob({ type: "tuningChanged", tuning })).toBe(tuning.id);
    expect(endedJob({ type: "tuningChanged", tuning: aTuning({ status: "running" }) })).toBeNull();
    expect(endedJob({ type: "runChanged", run: aRun({ status: "running" }) })).toBeNull();
    expect(endedJob({ type: "noticed", level: "info", message: "", about: run.id })).toBeNull();
  });
});
