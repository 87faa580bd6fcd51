// Every tensor of the file with its shape, and how it fits the recognised architecture.
import { CloseButton, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import type { CheckpointKey } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { CheckpointId } from "../../../src-shared/contract/workbench/ids.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { fitText, isProblem, parameterCount, shapeText, shownKeys } from "./key-rows.ts";
import "./key-table.css";

const ROW_PX = 30;

export function KeyTable({ id }: { readonly id: CheckpointId }) {
  const { data: keys, error } = useQuery(queries.checkpointKeys(id));
  const [text, setText] = useState("");
  const [onlyProblems, setOnlyProblems] = useState(false);
  if (error !== null && keys === undefined) return <Notice level="error">{sentenceOf(error)}</Notice>;
  const problems = keys?.filter(isProblem).length ?? 0;
  const shown = keys === undefined ? [] : shownKeys(keys, text, onlyProblems);
  return (
    <>
      <div className="key-table-bar">
        <TextInput
          className="key-table-search"
          data-search
          aria-label="Find a key"
          placeholder="Find a key"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          rightSection={
            text !== "" && <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText("")} />
          }
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
        />
        {problems > 0 && (
          <SegmentedControl
            aria-label="Keys shown"
            value={onlyProblems ? "problems" : "all"}
            onChange={(value) => setOnlyProblems(value === "problems")}
            data={[
              { value: "all", label: "All keys" },
              { value: "problems", label: `Only problems (${formatCount(problems)})` },
            ]}
          />
        )}
        <span className="key-table-count dimmed">
          {keys !== undefined &&
            (shown.length === keys.length
              ? `${countOf(keys.length, "key")}, ${formatCount(parameterCount(keys))} values`
              : `${formatCount(shown.length)} of ${countOf(keys.length, "key")}`)}
        </span>
      </div>
      <Rows keys={keys === undefined ? null : shown} />
    </>
  );
}

/** Null while the keys are read. */
function Rows({ keys }: { readonly keys: readonly CheckpointKey[] | null }) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: keys?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  return (
    <div className="key-table">
      <div className="key-table-head" aria-hidden="true">
        <span>Key</span>
        <span>Shape</span>
        <span>Type</span>
        <span>{keys?.some(({ fit, noNumbers }) => fit !== "other" || noNumbers > 0) === true && "Fit"}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area is reached by keyboard */}
      <section ref={scroller} className="key-table-body" tabIndex={0} aria-label="Keys of the checkpoint">
        {keys === null &&
          Array.from({ length: 12 }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: twelve grey lines
            <div key={row} className="key-table-skeleton skeleton" />
          ))}
        {keys?.length === 0 && <p className="key-table-none dimmed">No key matches.</p>}
        <div className="key-table-space" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const key = keys?.[row.index];
            return (
              key !== undefined && (
                <div key={key.key} className="key-row" style={{ transform: `translateY(${row.start}px)` }}>
                  <Cells row={key} />
                </div>
              )
            );
          })}
        </div>
      </section>
    </div>
  );
}

function Cells({ row }: { readonly row: CheckpointKey }) {
  const { key, dtype, shape, fit, expectedShape, noNumbers } = row;
  return (
    <>
      <span className="mono key-row-key" title={key}>
        {key}
      </span>
      <span className="key-row-shape">
        {fit === "missing" ? shapeText(expectedShape ?? []) : shapeText(shape)}
        {fit === "wrongShape" && expectedShape !== null && (
          <span className="key-row-wanted"> instead of {shapeText(expectedShape)}</span>
        )}
      </span>
      <span className="dimmed">{fit === "missing" ? "–" : dtype}</span>
      <span className="key-row-fit" data-fit={noNumbers > 0 ? "noNumbers" : fit}>
        {fitText(row)}
      </span>
    </>
  );
}
