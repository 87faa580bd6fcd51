// The grid of thumbnails: only what is in view exists, whatever the dataset holds.
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Dataset, ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { Notice } from "../../components/notice.tsx";
import type { ImageList } from "../../state/image-list.ts";
import { useSelection } from "../../state/selection.ts";
import { sentenceOf } from "../../state/tell.ts";
import { useGridLook } from "./grid-look.ts";
import { ImageCell } from "./image-cell.tsx";
import "./image-grid.css";
import { NoImages } from "./no-images.tsx";
import { columnsIn, imagesInRow } from "./page-window.ts";
import { openImage, useGridInput } from "./use-grid-input.ts";
import { useImageHead, useImagesInView } from "./use-image-pages.ts";

const GAP_PX = 12;
const PADDING_PX = 16;
const CAPTION_PX = 24;
const OVERSCAN_ROWS = 3;

/** Width by height of the cells while no image has been seen. */
const FIRST_ASPECT = 1.6;

/** Width by height of the cells: of the first image, within what looks orderly; most street scenes are 2 : 1. */
function aspectOf(item: ImageItem | undefined, seen: number | null): number {
  const size = item?.size;
  return Math.max(1, Math.min(2, size == null ? (seen ?? FIRST_ASPECT) : size.width / size.height));
}

interface ImageGridProps {
  readonly dataset: Dataset;
  /** What is asked for; shown as soon as it has come. */
  readonly list: ImageList;
}

export function ImageGrid({ dataset, list: asked }: ImageGridProps) {
  const { cellPx } = useGridLook();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, width, height } = useElementSize();
  // Files are looked into one after another: until then the first thumbnail tells.
  const [seenAspect, setSeenAspect] = useState<number | null>(null);
  const head = useImageHead(dataset.id, asked);
  const total = head.total ?? dataset.imageCount;
  const { columns, columnPx } = columnsIn(Math.max(0, width - 2 * PADDING_PX), cellPx, GAP_PX);
  const picturePx = Math.round(columnPx / aspectOf(head.firstPage?.items[0], seenAspect));
  const rowPx = picturePx + CAPTION_PX + GAP_PX;
  const rows = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    paddingStart: PADDING_PX,
    paddingEnd: PADDING_PX,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row's height follows the width, so all are measured anew
  useEffect(() => rows.measure(), [rowPx, rows]);
  const visible = rows.getVirtualItems();
  const first = (visible[0]?.index ?? 0) * columns;
  const at = useImagesInView(dataset.id, head, first, ((visible.at(-1)?.index ?? 0) + 1) * columns - 1);
  const { onPick, onKeyDown } = useGridInput({
    datasetId: dataset.id,
    list: head.list,
    columns,
    rowsInView: Math.max(1, Math.floor(height / rowPx)),
    total,
    at,
    scrollToRow: (row) => rows.scrollToIndex(row),
  });
  const selection = useSelection();
  const isOurs = selection.datasetId === dataset.id;
  const cursor = isOurs ? selection.cursor : null;
  const cursorItem = cursor === null ? undefined : at(cursor);
  // One object for all cells, so that a scroll does not draw them anew.
  const cellStyle = useMemo(() => ({ width: columnPx, "--picture": `${picturePx}px` }), [columnPx, picturePx]);

  if (head.error !== null && head.total === null) {
    return (
      <div className="image-grid-message">
        <Notice level="error">{sentenceOf(head.error)}</Notice>
      </div>
    );
  }
  if (head.total === 0 && dataset.listing.status !== "listing") return <NoImages dataset={dataset} list={asked} />;
  return (
    <div ref={measure} className="image-grid-frame">
      <div
        ref={scroller}
        className="image-grid"
        role="listbox"
        tabIndex={0}
        aria-label={`Images of ${dataset.name}`}
        aria-multiselectable="true"
        aria-activedescendant={cursorItem === undefined ? undefined : `image-${cursorItem.id}`}
        data-stale={head.isStale || undefined}
        onKeyDown={onKeyDown}
      >
        <div className="image-grid-space" style={{ height: rows.getTotalSize() }} role="presentation">
          {visible.map((row) => (
            <div
              key={row.key}
              role="presentation"
              className="image-grid-row"
              style={{ transform: `translateY(${row.start}px)`, gap: GAP_PX, left: PADDING_PX }}
            >
              {imagesInRow(row.index, columns, total).map((index) => {
                const item = at(index);
                return (
                  <ImageCell
                    key={index}
                    index={index}
                    total={total}
                    isInView={
                      rows.range !== null && row.index >= rows.range.startIndex && row.index <= rows.range.endIndex
                    }
                    item={item}
                    sortBy={head.list.sort.by}
                    isSelected={isOurs && item !== undefined && selection.ids.has(item.id)}
                    isCursor={cursor === index}
                    style={cellStyle}
                    onPick={onPick}
                    onOpen={openImage}
                    onAspect={index === 0 ? setSeenAspect : undefined}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
