// What every tensor's values are like, and how they differ from those of another checkpoint.
import { Select, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import type { Checkpoint, TensorStatistics } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { checkpointIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { shapeText } from "./key-rows.ts";
import {
  brokenCount,
  changesSentence,
  changeText,
  nextWeightSort,
  shareOfZeros,
  valueText,
  WEIGHT_COLUMNS,
  WEIGHT_TITLES,
  type WeightRow,
  type WeightSort,
  weightRows,
} from "./weight-rows.ts";
import "./weight-table.css";

const ROW_PX = 30;

export function WeightTable({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const [text, setText] = useState("");
  const [sort, setSort] = useState<WeightSort>({ by: "key", descending: false });
  const [otherId, setOtherId] = useState<Checkpoint["id"] | null>(null);
  const others = (useQuery(queries.checkpoints()).data ?? []).filter(({ id }) => id !== checkpoint.id);
  const { data: tensors, error } = useQuery(queries.checkpointStatistics(checkpoint.id));
  const changes = useQuery({
    // From the other one, as it is stored, to this one.
    ...queries.checkpointChanges(otherId ?? checkpoint.id, checkpoint.id),
    enabled: otherId !== null,
  });
  const shownChanges = otherId === null ? null : (changes.data ?? null);
  const rows = useMemo(
    () => (tensors === undefined ? null : weightRows(tensors, shownChanges, text, sort)),
    [tensors, shownChanges, text, sort],
  );
  const broken = tensors?.filter((tensor) => brokenCount(tensor) > 0).length ?? 0;
  return (
    <>
      <div className="key-table-bar">
        <TextInput
          className="key-table-search"
          data-search
          aria-label="Find a tensor"
          placeholder="Find a tensor"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
        />
        <Select
          aria-label="Difference from"
          placeholder={others.length === 0 ? "Open another to compare" : "Difference from…"}
          clearable
          disabled={others.length === 0}
          w={230}
          data={others.map(({ id, name }) => ({ value: id, label: name }))}
          value={otherId}
          onChange={(value) => {
            setOtherId(checkpointIdSchema.safeParse(value).data ?? null);
            setSort(value === null ? { by: "key", descending: false } : { by: "change", descending: true });
          }}
        />
        <span className="key-table-count dimmed" aria-live="polite">
          {otherId !== null && changes.isFetching && "Reading both files…"}
          {shownChanges !== null && changesSentence(shownChanges)}
        </span>
      </div>
      {error !== null && (
        <div className="weight-notice">
          <Notice level="error">{sentenceOf(error)}</Notice>
        </div>
      )}
      {changes.error !== null && otherId !== null && (
        <div className="weight-notice">
          <Notice level="error">{sentenceOf(changes.error)}</Notice>
        </div>
      )}
      {broken > 0 && (
        <div className="weight-notice">
          <Notice level="warning">
            {formatCount(broken)} {broken === 1 ? "tensor holds" : "tensors hold"} values that are no finite numbers.
          </Notice>
        </div>
      )}
      {error === null && <Rows rows={rows} sort={sort} onSort={setSort} hasChanges={otherId !== null} />}
    </>
  );
}

interface RowsProps {
  /** Null while the file is read. */
  readonly rows: readonly WeightRow[] | null;
  readonly sort: WeightSort;
  readonly hasChanges: boolean;
  readonly onSort: (sort: WeightSort) => void;
}

function Rows({ rows, sort, hasChanges, onSort }: RowsProps) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const columns = WEIGHT_COLUMNS.filter((column) => column !== "change" || hasChanges);
  return (
    <div className="key-table weight-table" data-changes={hasChanges || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area is reached by keyboard */}
      <section ref={scroller} className="key-table-body" tabIndex={0} aria-label="Weights of the checkpoint">
        <div className="key-table-head weight-row">
          {columns.map((column) => (
            <button
              key={column}
              type="button"
              className="weight-head"
              aria-pressed={sort.by === column}
              aria-label={`Sort by ${WEIGHT_TITLES[column]}`}
              onClick={() => onSort(nextWeightSort(sort, column))}
            >
              {WEIGHT_TITLES[column]}
              {sort.by === column && sort.descending && <IconArrowDown size={12} stroke={2} aria-hidden="true" />}
              {sort.by === column && !sort.descending && <IconArrowUp size={12} stroke={2} aria-hidden="true" />}
            </button>
          ))}
          <span>Values</span>
        </div>
        {rows === null &&
          Array.from({ length: 12 }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: twelve grey lines
            <div key={row} className="key-table-skeleton skeleton" />
          ))}
        {rows?.length === 0 && <p className="key-table-none dimmed">No tensor matches.</p>}
        <div className="key-table-space" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows?.[item.index];
            return (
              row !== undefined && (
                <div
                  key={row.tensor.key}
                  className="key-row weight-row"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Cells row={row} hasChanges={hasChanges} />
                </div>
              )
            );
          })}
        </div>
      </section>
    </div>
  );
}

function Cells({ row: { tensor, change }, hasChanges }: { readonly row: WeightRow; readonly hasChanges: boolean }) {
  const { key, shape, min, max, mean, deviation } = tensor;
  const zeros = shareOfZeros(tensor);
  const broken = brokenCount(tensor);
  return (
    <>
      <span className="mono key-row-key" title={`${key}, ${shapeText(shape)}`}>
        {key}
      </span>
      {[min, max, mean, deviation].map((value, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: always the same four
        <span key={place} className="weight-number" title={value === null ? "" : String(value)}>
          {valueText(value)}
        </span>
      ))}
      <span className={zeros === 0 ? "weight-number dimmed" : "weight-number"}>{`${(zeros * 100).toFixed(1)} %`}</span>
      <span className="weight-number" data-broken={broken > 0 || undefined}>
        {broken === 0 ? "–" : formatCount(broken)}
      </span>
      {hasChanges && (
        <span
          className={change?.kind === "same" ? "weight-number dimmed" : "weight-number"}
          title={change?.largest == null ? "" : `largest change of a value: ${valueText(change.largest)}`}
        >
          {changeText(change)}
        </span>
      )}
      <Histogram tensor={tensor} />
    </>
  );
}

const BAR = { width: 72, height: 18 };

function Histogram({ tensor: { histogram, min, max } }: { readonly tensor: TensorStatistics }) {
  const most = Math.max(1, ...histogram);
  const width = BAR.width / Math.max(1, histogram.length);
  return (
    <svg
      className="weight-histogram"
      width={BAR.width}
      height={BAR.height}
      role="img"
      aria-label={`Values from ${valueText(min)} to ${valueText(max)}`}
    >
      {histogram.length > 1 &&
        histogram.map((count, bin) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bins have no other name
            key={bin}
            x={bin * width}
            width={width}
            y={BAR.height * (1 - count / most)}
            height={(BAR.height * count) / most}
          />
        ))}
    </svg>
  );
}
