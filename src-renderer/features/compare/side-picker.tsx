// Chooses one side of the comparison: checkpoint, before or after, method, batch.
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { checkpointIdSchema, groupIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { type ComparisonSide, RUN_METHODS } from "../../../src-shared/contract/workbench/runs.ts";
import { type CompareSide, changeCompare, useCompare } from "../../state/compare.ts";
import { queries } from "../../state/queries.ts";
import { formatDate, METHOD_TITLES } from "../../state/run-words.ts";

interface SidePickerProps {
  readonly side: "a" | "b";
  /** As it is in force; null while there is nothing to choose. */
  readonly value: ComparisonSide | null;
}

export function SidePicker({ side, value }: SidePickerProps) {
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const groups = (useQuery(queries.groups()).data ?? []).filter(
    ({ checkpoint }) => checkpoint.id === value?.checkpointId,
  );
  const name = side.toUpperCase();
  const chosen = useCompare((state) => state[side]);
  const show = (what: string | undefined, part: Partial<CompareSide>): void => {
    if (what === undefined) return;
    changeCompare(`show ${what} on side ${name}`, { [side]: { ...chosen, ...part } });
  };
  const checkpointChoices = checkpoints.map(({ id, name: label }) => ({ value: id, label }));
  const methodChoices = [
    { value: "any", label: "Any method" },
    ...RUN_METHODS.map((method) => ({ value: method, label: METHOD_TITLES[method] })),
  ];
  const groupChoices = [
    { value: "any", label: "Newest runs" },
    ...groups.map(({ id, name: label, kind, createdAt }) => ({
      value: id,
      label: label === "" ? `${kind === "sweep" ? "Sweep" : "Batch"}, ${formatDate(createdAt, Date.now())}` : label,
    })),
  ];
  return (
    <fieldset className="side-picker">
      <legend className="visually-hidden">Side {name}</legend>
      <span className="side-letter" aria-hidden="true">
        {name}
      </span>
      <Select
        aria-label={`Checkpoint of side ${name}`}
        placeholder="Checkpoint"
        allowDeselect={false}
        className="side-checkpoint"
        data={checkpointChoices}
        value={value?.checkpointId ?? null}
        onChange={(id, option) =>
          show(option?.label, { checkpointId: checkpointIdSchema.safeParse(id).data ?? null, groupId: null })
        }
      />
      <SegmentedControl
        aria-label={`Prediction of side ${name}`}
        data={[
          { value: "before", label: "Before" },
          { value: "after", label: "After" },
        ]}
        value={chosen.stage}
        onChange={(stage) => show(stage, { stage: stage === "before" ? "before" : "after" })}
      />
      <Select
        aria-label={`Method of side ${name}`}
        className="side-method"
        allowDeselect={false}
        data={methodChoices}
        value={chosen.method ?? "any"}
        onChange={(method, option) =>
          show(option?.label, { method: RUN_METHODS.find((entry) => entry === method) ?? null })
        }
      />
      <Select
        aria-label={`Batch of side ${name}`}
        className="side-group"
        allowDeselect={false}
        disabled={groups.length === 0}
        data={groupChoices}
        value={chosen.groupId ?? "any"}
        onChange={(id, option) => show(option?.label, { groupId: groupIdSchema.safeParse(id).data ?? null })}
      />
    </fieldset>
  );
}
