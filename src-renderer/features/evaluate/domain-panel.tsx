// What each method brings in each domain: a row for every evaluation of these images by this checkpoint.
import { IconCopy } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { IconButton } from "../../components/icon-button.tsx";
import "../../components/link-button.css";
import { queries } from "../../state/queries.ts";
import { tell, tellFailure } from "../../state/tell.ts";
import "./domain-panel.css";
import { cellText, domainTable, markdownTable, tableMembers } from "./domain-table.ts";
import { showEvaluation } from "./evaluate-view.ts";
import { evaluationName } from "./evaluation-words.ts";

interface DomainPanelProps {
  readonly evaluation: Evaluation;
  readonly list: readonly Evaluation[];
}

export function DomainPanel({ evaluation, list }: DomainPanelProps) {
  const members = tableMembers(list, evaluation);
  const known = useQueries({
    queries: members.map(({ id }) => queries.evaluation(id)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  }).flatMap(({ evaluation: own, summary }) =>
    summary === null ? [] : [{ id: own.id, name: evaluationName(own), summary }],
  );
  const table = domainTable(known);
  if (table === null) return null;
  const copy = () =>
    navigator.clipboard.writeText(markdownTable(table)).then(
      () => tell("Copied the table as Markdown."),
      (error: unknown) => tellFailure("The table was not copied", error),
    );
  return (
    <section className="figure-panel domain-panel">
      <header className="figure-panel-head">
        <h2>Mean IoU by domain, in percent</h2>
        <IconButton label="Copy the table as Markdown" size={24} onClick={() => void copy()}>
          <IconCopy size={14} />
        </IconButton>
      </header>
      <div className="domain-table-frame">
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">Evaluation</th>
              {table.domains.map((domain) => (
                <th key={domain} scope="col">
                  {domain}
                </th>
              ))}
              <th scope="col">all together</th>
            </tr>
          </thead>
          <tbody>
            {known.map(({ id, name }, place) => (
              <tr key={id} data-current={id === evaluation.id || undefined}>
                <th scope="row">
                  {id === evaluation.id ? (
                    name
                  ) : (
                    <button type="button" className="link-button" onClick={() => showEvaluation(id)}>
                      {name}
                    </button>
                  )}
                </th>
                {table.domains.map((domain, column) => (
                  <td key={domain}>{cellText(table.rows[place]?.miou[column])}</td>
                ))}
                <td>{cellText(table.rows[place]?.all)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="figure-definition">{FIGURE_DEFINITIONS.domains}</p>
    </section>
  );
}
