// Which runs are listed: by status, dataset and checkpoint.
import { Button, Menu, Select } from "@mantine/core";
import { IconChartDots3, IconChevronDown, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { checkpointIdSchema, datasetIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { runColumnSchema } from "../../../src-shared/contract/workbench/run-query.ts";
import { RUN_STATUSES } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { queries } from "../../state/queries.ts";
import { STATUS_TITLES } from "../../state/run-words.ts";
import { useSettings } from "../../state/settings.ts";
import { changeRunTable } from "./change-run-table.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { columnTitle, GROUPINGS, groupingTitle } from "./run-columns.ts";
import "./run-filters.css";
import { changeFilter, isFiltered, NO_FILTER } from "./run-view.ts";
import type { RunListing } from "./use-run-list.ts";

interface RunFiltersProps {
  readonly listing: RunListing;
  readonly total: number | null;
}

export function RunFilters({ listing, total }: RunFiltersProps) {
  const { filter, groupBy, columns } = listing;
  const { showsAxes } = useSettings().runTable;
  const datasets = useQuery(queries.datasets()).data ?? [];
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const { statuses, datasetId, checkpointId, text, where } = filter;
  return (
    <search className="run-filters" aria-label="Filter runs">
      <SearchField
        label="Search runs"
        placeholder={total === null ? "Search runs" : `Search ${countOf(total, "run")}`}
        width={150}
        text={text}
        onText={(words) => changeFilter(words === "" ? "clear the search" : `search for ${words}`, { text: words })}
      />
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
        w={110}
        data={datasets.map(({ id, name }) => ({ value: id, label: name }))}
        value={datasetId}
        onChange={(id) => changeFilter("filter by dataset", { datasetId: datasetIdSchema.safeParse(id).data ?? null })}
      />
      <Select
        aria-label="Checkpoint"
        placeholder="Any checkpoint"
        clearable
        w={138}
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
      {where.length > 0 && (
        <span className="dimmed run-filters-brushed">
          brushed: {where.map(({ column }) => columnTitle(column)).join(", ")}
        </span>
      )}
      <span className="run-filters-space" />
      <span className="visually-hidden" aria-live="polite">
        {total === null ? "" : countOf(total, "run")}
      </span>
      <div className="run-filters-look">
        <Select
          aria-label="Group by"
          placeholder="Not grouped"
          clearable
          searchable
          w={136}
          data={GROUPINGS.map((column) => ({ value: column, label: groupingTitle(column) }))}
          value={groupBy}
          onChange={(column) => changeRunTable({ groupBy: runColumnSchema.safeParse(column).data ?? null })}
        />
        <ColumnMenu title="Columns" chosen={columns} onChange={(chosen) => changeRunTable({ columns: [...chosen] })} />
        <IconButton
          label="Parallel coordinates"
          variant="default"
          size={30}
          aria-pressed={showsAxes}
          data-active={showsAxes || undefined}
          onClick={() => changeRunTable({ showsAxes: !showsAxes })}
        >
          <IconChartDots3 size={16} stroke={1.7} />
        </IconButton>
      </div>
    </search>
  );
}
