// The images one steps through: the dataset's list, or those of the comparison with their gains.
import { CloseButton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { formatCount, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { useImage } from "../../state/entities.ts";

const ROW_PX = 104;

export interface RailImage {
  readonly id: ImageId;
  /** In the comparison; undefined in the dataset's list. */
  readonly gain?: number | null;
}

interface ImageRailProps {
  readonly images: readonly RailImage[];
  readonly title: string;
  readonly current: ImageId | null;
  readonly onPick: (id: ImageId) => void;
  /** What the list is narrowed to, with the way out of it. */
  readonly narrowed: { readonly text: string; readonly onClear: () => void } | null;
}

export function ImageRail({ images, title, current, onPick, narrowed }: ImageRailProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const place = images.findIndex(({ id }) => id === current);
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place, { align: "auto" });
  }, [place, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5, Home: -images.length, End: images.length }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    const target = images[Math.min(images.length - 1, Math.max(0, place + step))];
    if (target !== undefined) onPick(target.id);
  };

  return (
    <aside className="image-rail" aria-label="Images">
      <header className="image-rail-head">
        <span>{title}</span>
        <span className="dimmed">
          {place >= 0 && `${formatCount(place + 1)} of `}
          {formatCount(images.length)}
        </span>
      </header>
      {narrowed !== null && (
        <div className="image-rail-filter">
          <span>{narrowed.text}</span>
          <CloseButton size="xs" aria-label={`Show all images, not only ${narrowed.text}`} onClick={narrowed.onClear} />
        </div>
      )}
      <div
        ref={scroller}
        className="image-rail-scroller"
        role="listbox"
        tabIndex={0}
        aria-label={title}
        aria-activedescendant={place >= 0 && current !== null ? `rail-${current}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
          {rows.getVirtualItems().map((row) => {
            const image = images[row.index];
            return (
              image !== undefined && (
                <RailItem
                  key={image.id}
                  image={image}
                  isCurrent={image.id === current}
                  offsetPx={row.start}
                  onPick={onPick}
                />
              )
            );
          })}
        </div>
      </div>
    </aside>
  );
}

interface RailItemProps {
  readonly image: RailImage;
  readonly isCurrent: boolean;
  readonly offsetPx: number;
  readonly onPick: (id: ImageId) => void;
}

function RailItem({ image: { id, gain }, isCurrent, offsetPx, onPick }: RailItemProps) {
  const name = shortName(useImage(id)?.key ?? "");
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its options
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={`rail-${id}`}
      role="option"
      aria-selected={isCurrent}
      // Names come a moment after the images' places.
      aria-label={name === "" ? "An image whose name is on its way" : undefined}
      className="image-rail-item"
      style={{ transform: `translateY(${offsetPx}px)` }}
      onClick={() => onPick(id)}
    >
      <img src={routes.thumbnail(id)} alt="" decoding="async" draggable={false} />
      <span className="image-rail-caption">
        <span title={name}>{name}</span>
        {gain !== undefined && <GainText gain={gain} />}
      </span>
    </div>
  );
}
