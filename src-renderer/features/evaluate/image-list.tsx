// The images as rows: thumbnail, name, and the figure the order goes by. Only rows in view exist.
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { formatCount, formatShare, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import type { Narrowing } from "./evaluate-view.ts";
import type { ImageOrder, ImageRow } from "./image-rows.ts";

const ROW_PX = 56;

interface ImageListProps {
  readonly rows: readonly ImageRow[];
  readonly shownId: ImageId | null;
  readonly order: ImageOrder;
  readonly narrowing: Narrowing | null;
  readonly isCompared: boolean;
  readonly onPick: (id: ImageId) => void;
}

export function ImageList({ rows, shownId, order, narrowing, isCompared, onPick }: ImageListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, height } = useElementSize();
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const place = rows.findIndex(({ imageId }) => imageId === shownId);
  useEffect(() => {
    if (place >= 0) list.scrollToIndex(place, { align: "auto" });
  }, [place, list]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const target = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const row = target === undefined ? undefined : rows[Math.min(rows.length - 1, Math.max(0, target))];
    if (row === undefined) return;
    onPick(row.imageId);
    event.preventDefault();
  };

  return (
    <div ref={measure} className="evaluated-frame">
      <div
        ref={scroller}
        className="evaluated-scroller"
        role="listbox"
        tabIndex={0}
        aria-label="Evaluated images"
        aria-activedescendant={place >= 0 ? `evaluated-${shownId}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: list.getTotalSize(), position: "relative" }} role="presentation">
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its options
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
              <div
                key={row.imageId}
                id={`evaluated-${row.imageId}`}
                role="option"
                aria-selected={row.imageId === shownId}
                className="evaluated-row"
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onPick(row.imageId)}
              >
                <img src={routes.thumbnail(row.imageId)} alt="" loading="lazy" decoding="async" draggable={false} />
                <span className="evaluated-texts">
                  <span className="evaluated-name" title={row.key}>
                    {shortName(row.key)}
                  </span>
                  <span className="evaluated-detail">{detailOf(row, order, narrowing)}</span>
                </span>
                <span className="evaluated-numbers">
                  <span>{formatShare(row.miou)}</span>
                  {isCompared && <GainText gain={row.gain} />}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What the order goes by, where it is not mean IoU or gain, which stand in every row. */
function detailOf(row: ImageRow, order: ImageOrder, narrowing: Narrowing | null): string {
  if (narrowing?.kind === "cell") return `${formatCount(row.pixels ?? 0)} pixels`;
  if (narrowing?.kind === "class") return `IoU ${formatShare(row.iou[narrowing.trainId])}`;
  if (order === "leastConfidence" || order === "mostConfidence") return `confidence ${formatShare(row.confidence)}`;
  return `entropy ${formatShare(row.entropy)}`;
}
