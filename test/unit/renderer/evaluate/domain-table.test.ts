// The table by domain: which evaluations stand in it, its columns, and its text.
import { expect, it } from "vitest";
import { domainTable, markdownTable, tableMembers } from "../../../../src-renderer/features/evaluate/domain-table.ts";
import type { EvaluationSummary } from "../../../../src-shared/contract/evaluation.ts";
import { checkpointIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { anEvaluation } from "../../../helpers/workbench-entities.ts";

function summary(domains: Readonly<Record<string, number | null>>, all: number): EvaluationSummary {
  const figures = Object.entries(domains).map(([name, miou]) => ({ name, miou }));
  return { domains: figures, pooled: { miou: all } } as unknown as EvaluationSummary; // what the table looks at
}

it("holds the evaluations of the same images and checkpoint in the order in which they were started", () => {
  const shown = anEvaluation({ createdAt: 2, done: 0 });
  const { datasetId, checkpointId } = shown;
  const same = { datasetId, checkpointId, done: 3 };
  const earlier = anEvaluation({ ...same, createdAt: 1 });
  const others = [
    anEvaluation({ ...same, done: 0 }),
    anEvaluation({ ...same, split: "fog" }),
    anEvaluation({ ...same, checkpointId: checkpointIdSchema.parse("checkpoint2") }),
  ];
  expect(tableMembers([shown, ...others, earlier], shown)).toEqual([earlier, shown]);
});

it("has a column for every domain that is told apart, and none of it where there is only one", () => {
  const rows = [
    { name: "Predict", summary: summary({ night: 0.3, fog: 0.125 }, 0.25) },
    { name: "Adapt | lr", summary: summary({ fog: 0.25 }, 0.25) },
  ];
  const table = domainTable(rows);
  expect(table?.domains).toEqual(["fog", "night"]);
  expect(table === null ? "" : markdownTable(table)).toBe(
    [
      "| mean IoU in % | fog | night | all together |",
      "| --- | ---: | ---: | ---: |",
      "| Predict | 12.5 | 30.0 | 25.0 |",
      "| Adapt \\| lr | 25.0 | – | 25.0 |",
      "",
    ].join("\n"),
  );
  expect(domainTable([{ name: "Predict", summary: summary({ fog: 0.2 }, 0.2) }])).toBeNull();
});
