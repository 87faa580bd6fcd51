// Which runs are listed: by status, dataset and checkpoint.
import { Button, Menu, Select } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { checkpointIdSchema, datasetIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { RUN_STATUSES } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf } from "../../components/format.ts";
import { queries } from "../../state/queries.ts";
import { STATUS_TITLES } from "../../state/run-words.ts";
import "./run-filters.css";
import { changeFilter, isFiltered, NO_FILTER, type RunFilter } from "./run-view.ts";

interface RunFiltersProps {
  readonly filter: RunFilter;
  readonly total: number | null;
}

export function RunFilters({ filter, total }: RunFiltersProps) {
  const datasets = useQuery(queries.datasets()).data ?? [];
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const { statuses, datasetId, checkpointId } = filter;
  return (
    <search className="run-filters" aria-label="Filter runs">
      <Menu position="bottom-start" closeOnItemClick={false}>
        <Menu.Target>
          <Button
            variant="default"
            data-active={statuses.length > 0 || undefined}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            {statuses.length === 0 ? "Any status" : statuses.map((status) => STATUS_TITLES[status]).join(", ")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {RUN_STATUSES.map((status) => (
            <Menu.CheckboxItem
              key={status}
              checked={statuses.includes(status)}
              onChange={(isIn) =>
                changeFilter("filter by status", {
                  statuses: isIn ? [...statuses, status] : statuses.filter((other) => other !== status),
                })
              }
            >
              {STATUS_TITLES[status]}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Select
        aria-label="Dataset"
        placeholder="Any dataset"
        clearable
        w={170}
        data={datasets.map(({ id, name }) => ({ value: id, label: name }))}
        value={datasetId}
        onChange={(id) => changeFilter("filter by dataset", { datasetId: datasetIdSchema.safeParse(id).data ?? null })}
      />
      <Select
        aria-label="Checkpoint"
        placeholder="Any checkpoint"
        clearable
        w={190}
        data={checkpoints.map(({ id, name }) => ({ value: id, label: name }))}
        value={checkpointId}
        onChange={(id) =>
          changeFilter("filter by checkpoint", { checkpointId: checkpointIdSchema.safeParse(id).data ?? null })
        }
      />
      {isFiltered(filter) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} aria-hidden="true" />}
          onClick={() => changeFilter("clear the filter", { ...NO_FILTER, groupId: filter.groupId })}
        >
          Clear
        </Button>
      )}
      <span className="run-filters-count dimmed" aria-live="polite">
        {total === null ? "" : countOf(total, "run")}
      </span>
    </search>
  );
}
