// The files that would be written, those marked that replace others, and what stands in the way.
import { IconFile, IconReplace } from "@tabler/icons-react";
import type { ExportPlan } from "../../../src-shared/contract/workbench/exports.ts";
import { countOf } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { planSummary, shownFiles } from "./plan-words.ts";

/** More names than one reads; the rest is counted. */
const SHOWN_FILES = 100;

interface ExportPlanListProps {
  readonly plan: ExportPlan | undefined;
  readonly isStale: boolean;
  readonly isComplete: boolean;
  readonly hasFormats: boolean;
}

export function ExportPlanList({ plan, isStale, isComplete, hasFormats }: ExportPlanListProps) {
  if (!isComplete) {
    return <p className="export-plan export-plan-empty">{hasFormats ? "Choose a folder." : "Choose what to write."}</p>;
  }
  if (plan === undefined) return <div className="export-plan skeleton" />;
  const { files, replaced } = planSummary(plan);
  const shown = shownFiles(plan.files, SHOWN_FILES);
  return (
    <>
      {plan.problems.map((problem) => (
        <Notice key={problem} level="error">
          {problem}
        </Notice>
      ))}
      {plan.warnings.map((warning) => (
        <Notice key={warning} level="warning">
          {warning}
        </Notice>
      ))}
      <section className="export-plan" aria-label="What would be written" data-stale={isStale || undefined}>
        <header>
          {countOf(files, "file")}
          {replaced > 0 && <span className="export-plan-replaced"> · {replaced} replaced</span>}
        </header>
        <ul>
          {shown.map(({ name, exists }) => (
            <li key={name}>
              {exists ? (
                <IconReplace size={14} stroke={1.6} className="export-plan-icon" data-exists aria-hidden="true" />
              ) : (
                <IconFile size={14} stroke={1.6} className="export-plan-icon" aria-hidden="true" />
              )}
              <span className="export-plan-name" title={name}>
                {name}
              </span>
              {exists && <span className="export-plan-mark">replaces</span>}
            </li>
          ))}
          {shown.length < files && <li className="dimmed">and {countOf(files - shown.length, "more file")}</li>}
        </ul>
      </section>
    </>
  );
}
