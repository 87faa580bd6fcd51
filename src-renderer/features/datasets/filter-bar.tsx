// What is shown of a dataset and in what order: search, filters, sorting, saved views, size of the thumbnails.
import { ActionIcon, Button, Group, Menu, Popover, Select, Slider, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronDown, IconPhoto, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Dataset, ImageQuery } from "../../../src-shared/contract/workbench/datasets.ts";
import { formatCount } from "../../components/format.ts";
import { SearchField } from "../../components/search-field.tsx";
import { classColors } from "../../state/class-colors.ts";
import { useDisplay } from "../../state/display.ts";
import { ALL_IMAGES, changeImageList, type ImageList, isFiltered } from "../../state/image-list.ts";
import { ClassFilter } from "./class-filter.tsx";
import "./filter-bar.css";
import { MAX_CELL_PX, MIN_CELL_PX, setCellPx, useGridLook } from "./grid-look.ts";
import { ViewMenu } from "./view-menu.tsx";

type Filter = ImageQuery["filter"];

const SORTS: readonly { value: ImageQuery["sort"]["by"]; label: string }[] = [
  { value: "name", label: "Name" },
  { value: "miou", label: "Mean IoU" },
  { value: "entropy", label: "Entropy" },
  { value: "confidence", label: "Confidence" },
  { value: "gain", label: "Gain" },
];

const SIMILARITY = { value: "similarity", label: "Similarity" } as const;

interface FilterBarProps {
  readonly dataset: Dataset;
  readonly list: ImageList;
}

export function FilterBar({ dataset, list }: FilterBarProps) {
  const { filter, sort } = list;
  const change = (label: string, part: Partial<Filter>) =>
    changeImageList(dataset.id, label, { ...list, filter: { ...filter, ...part } });
  return (
    <div className="filter-bar">
      <div className="filter-bar-row">
        <SearchField
          label="Search names"
          className="filter-bar-search"
          text={filter.text}
          onText={(text) => change(text === "" ? "clear the search" : `search for ${text}`, { text })}
        />
        {dataset.splits.length > 0 && (
          <NameFilter
            title="Split"
            names={dataset.splits}
            chosen={filter.splits}
            onChange={(splits) => change("filter by split", { splits })}
          />
        )}
        {dataset.tags.length > 0 && (
          <NameFilter
            title="Tags"
            names={dataset.tags}
            chosen={filter.tags}
            onChange={(tags) => change("filter by tags", { tags })}
          />
        )}
        {dataset.classes.length > 0 && (
          <FilterButton title="Classes" count={filter.classes.length}>
            <ClassFilter
              classes={dataset.classes}
              chosen={filter.classes}
              onChange={(classes) => change("filter by classes", { classes })}
            />
          </FilterButton>
        )}
        <LabelFilter dataset={dataset} hasLabels={filter.hasLabels} onChange={change} />
        <span className="filter-bar-space" />
        <ViewMenu dataset={dataset} list={list} />
        <Group gap={4} wrap="nowrap">
          <Select
            aria-label="Sort by"
            w={124}
            // Likeness needs an image to be like: it is chosen from the image's panel.
            data={sort.by === "similarity" ? [...SORTS, SIMILARITY] : SORTS}
            value={sort.by}
            allowDeselect={false}
            onChange={(by) => {
              const found = SORTS.find(({ value }) => value === by);
              // The best first makes sense of gains, the worst first of everything else.
              if (found !== undefined) {
                changeImageList(dataset.id, `sort by ${found.label.toLowerCase()}`, {
                  ...list,
                  sort: { by: found.value, descending: found.value === "gain" || found.value === "entropy" },
                });
              }
            }}
          />
          <Tooltip label={sort.descending ? "Descending" : "Ascending"}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={sort.descending ? "Sorted descending" : "Sorted ascending"}
              onClick={() =>
                changeImageList(dataset.id, "turn the order round", {
                  ...list,
                  sort: { ...sort, descending: !sort.descending },
                })
              }
            >
              {sort.descending ? <IconArrowDown size={15} /> : <IconArrowUp size={15} />}
            </ActionIcon>
          </Tooltip>
        </Group>
        <SizeSlider />
      </div>
      {isFiltered(list) && <ActiveFilters dataset={dataset} list={list} onChange={change} />}
    </div>
  );
}

interface FilterButtonProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

/** A button with a panel under it. */
function FilterButton({ title, count, children }: FilterButtonProps) {
  return (
    <Popover position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          className="filter-button"
          data-active={count > 0 || undefined}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
        >
          {title}
          {count > 0 && <span className="filter-button-count">{count}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={title}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

interface NameFilterProps {
  readonly title: string;
  readonly names: readonly { readonly name: string; readonly count: number }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

function NameFilter({ title, names, chosen, onChange }: NameFilterProps) {
  return (
    <Menu position="bottom-start" closeOnItemClick={false}>
      <Menu.Target>
        <Button
          variant="default"
          className="filter-button"
          data-active={chosen.length > 0 || undefined}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
        >
          {title}
          {chosen.length > 0 && <span className="filter-button-count">{chosen.length}</span>}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} className="filter-menu">
        {names.map(({ name, count }) => (
          <Menu.CheckboxItem
            key={name}
            checked={chosen.includes(name)}
            onChange={(isChosen) => onChange(isChosen ? [...chosen, name] : chosen.filter((other) => other !== name))}
            rightSection={<span className="dimmed">{formatCount(count)}</span>}
          >
            {name}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface LabelFilterProps {
  readonly dataset: Dataset;
  readonly hasLabels: boolean | null;
  readonly onChange: (label: string, part: Partial<Filter>) => void;
}

/** Only where some images have labels and some have none. */
function LabelFilter({ dataset, hasLabels, onChange }: LabelFilterProps) {
  const { labelledCount, imageCount } = dataset;
  if (hasLabels === null && (labelledCount === 0 || labelledCount === imageCount)) return null;
  return (
    <Select
      aria-label="Labels"
      w={132}
      allowDeselect={false}
      value={hasLabels === null ? "all" : hasLabels ? "with" : "without"}
      data={[
        { value: "all", label: "All images" },
        { value: "with", label: "With labels" },
        { value: "without", label: "Without labels" },
      ]}
      onChange={(value) =>
        onChange("filter by labels", { hasLabels: value === "with" ? true : value === "without" ? false : null })
      }
    />
  );
}

function SizeSlider() {
  const { cellPx } = useGridLook();
  return (
    <div className="filter-bar-size">
      <IconPhoto size={14} aria-hidden="true" className="dimmed" />
      <Slider
        w={88}
        min={MIN_CELL_PX}
        max={MAX_CELL_PX}
        step={8}
        label={null}
        value={cellPx}
        onChange={setCellPx}
        thumbLabel="Size of the thumbnails"
      />
    </div>
  );
}

interface ActiveFiltersProps extends FilterBarProps {
  readonly onChange: (label: string, part: Partial<Filter>) => void;
}

/** What is filtered by, each to be taken away by itself. */
function ActiveFilters({ dataset, list, onChange }: ActiveFiltersProps) {
  const { splits, tags, classes, hasLabels, text } = list.filter;
  const palette = useDisplay((state) => state.palette);
  const colors = classColors(19, palette);
  const without = <T,>(all: readonly T[], one: T) => all.filter((other) => other !== one);
  return (
    <div className="filter-bar-row filter-bar-active">
      {text !== "" && <Pill name={`“${text}”`} onRemove={() => onChange("clear the search", { text: "" })} />}
      {splits.map((name) => (
        <Pill key={name} name={name} onRemove={() => onChange(`remove ${name}`, { splits: without(splits, name) })} />
      ))}
      {tags.map((name) => (
        <Pill key={name} name={name} onRemove={() => onChange(`remove ${name}`, { tags: without(tags, name) })} />
      ))}
      {classes.map((trainId) => (
        <Pill
          key={trainId}
          name={colors[trainId]?.name ?? String(trainId)}
          color={colors[trainId]?.color ?? "transparent"}
          onRemove={() => onChange("remove a class", { classes: without(classes, trainId) })}
        />
      ))}
      {hasLabels !== null && (
        <Pill
          name={hasLabels ? "with labels" : "without labels"}
          onRemove={() => onChange("filter by labels", { hasLabels: null })}
        />
      )}
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => changeImageList(dataset.id, "clear the filter", { ...list, filter: ALL_IMAGES.filter })}
      >
        Clear all
      </Button>
    </div>
  );
}

interface PillProps {
  readonly name: string;
  readonly color?: string;
  readonly onRemove: () => void;
}

function Pill({ name, color, onRemove }: PillProps) {
  return (
    <span className="filter-pill">
      {color !== undefined && <span className="class-dot" style={{ background: color }} />}
      {name}
      <button type="button" aria-label={`Remove ${name} from the filter`} onClick={onRemove}>
        <IconX size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
