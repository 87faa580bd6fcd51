// The steps of a sequence of trainings in a row, with the one where one stands.
import { IconCheck } from "@tabler/icons-react";
import type { TrainingMethodName } from "../../../src-shared/contract/training/training-config.ts";
import type { SequenceStep } from "./method-sequence.ts";
import "./sequence-steps.css";

interface Props {
  readonly steps: readonly SequenceStep[];
  /** Where another step can be gone to. */
  readonly onChoose?: (method: TrainingMethodName) => void;
}

export function SequenceSteps({ steps, onChoose }: Props) {
  if (steps.length === 0) return null;
  return (
    <ol className="sequence-steps" aria-label="Steps">
      {steps.map(({ title, detail, state, method }, place) => (
        <li
          key={title}
          className={`sequence-step sequence-step-${state}`}
          {...(state === "current" ? { "aria-current": "step" as const } : {})}
        >
          <span className="sequence-step-mark" aria-hidden="true">
            {state === "done" ? <IconCheck size={13} stroke={2.4} /> : place + 1}
          </span>
          <span className="sequence-step-words">
            {method !== null && onChoose !== undefined && state !== "current" ? (
              <button type="button" className="sequence-step-title" onClick={() => onChoose(method)}>
                {title}
              </button>
            ) : (
              <span className="sequence-step-title">{title}</span>
            )}
            {state === "done" && <span className="visually-hidden">, done</span>}
            {detail !== "" && <span className="sequence-step-detail">{detail}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
