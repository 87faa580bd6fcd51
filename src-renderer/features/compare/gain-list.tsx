// Images by gain or loss: thumbnail, both values, and the gain as a bar to either side of nothing.
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { formatShare, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { type ComparedImage, gainOfImage } from "./gains.ts";
import { useManyView } from "./many-view.ts";

const ROW_PX = 56;

interface GainListProps {
  readonly images: readonly ComparedImage[];
  readonly onOpen: (image: ComparedImage) => void;
}

export function GainList({ images, onOpen }: GainListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, height } = useElementSize();
  const cursor = useManyView((view) => view.cursor);
  const rows = useVirtualizer({
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const place = images.findIndex(({ imageId }) => imageId === cursor);
  const reach = images.reduce((most, image) => Math.max(most, Math.abs(gainOfImage(image) ?? 0)), 0.01);
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place, { align: "auto" });
  }, [place, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const target = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: images.length - 1,
    }[event.key];
    const current = images[place];
    if (event.key === "Enter" && current !== undefined) onOpen(current);
    else if (target !== undefined) {
      const image = images[Math.min(images.length - 1, Math.max(0, target))];
      if (image !== undefined) useManyView.setState({ cursor: image.imageId });
    } else return;
    event.preventDefault();
  };

  return (
    <div className="gain-list">
      <div className="gain-row gain-head" aria-hidden="true">
        <span />
        <span>Image</span>
        <span className="gain-number">A</span>
        <span className="gain-number">B</span>
        <span className="gain-number">Gain</span>
        <span />
      </div>
      <div ref={measure} className="gain-frame">
        <div
          ref={scroller}
          className="gain-scroller"
          role="listbox"
          tabIndex={0}
          aria-label="Compared images"
          aria-activedescendant={place >= 0 ? `gain-${cursor}` : undefined}
          onKeyDown={onKeyDown}
        >
          <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
            {rows.getVirtualItems().map((row) => {
              const image = images[row.index];
              return (
                image !== undefined && (
                  <GainRow
                    key={image.imageId}
                    image={image}
                    reach={reach}
                    isCursor={image.imageId === cursor}
                    offsetPx={row.start}
                    onOpen={onOpen}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

interface GainRowProps {
  readonly image: ComparedImage;
  /** The largest gain or loss of all: as long as a bar gets. */
  readonly reach: number;
  readonly isCursor: boolean;
  readonly offsetPx: number;
  readonly onOpen: (image: ComparedImage) => void;
}

function GainRow({ image, reach, isCursor, offsetPx, onOpen }: GainRowProps) {
  const { imageId, key, a, b } = image;
  const gain = gainOfImage(image);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its options
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={`gain-${imageId}`}
      role="option"
      aria-selected={isCursor}
      className="gain-row"
      style={{ transform: `translateY(${offsetPx}px)` }}
      onClick={() => useManyView.setState({ cursor: imageId })}
      onDoubleClick={() => onOpen(image)}
    >
      <img src={routes.thumbnail(imageId)} alt="" loading="lazy" decoding="async" draggable={false} />
      <span className="gain-name">
        <span title={key}>{shortName(key)}</span>
      </span>
      <span className="gain-number">{formatShare(a?.miou)}</span>
      <span className="gain-number">{formatShare(b?.miou)}</span>
      <span className="gain-number">
        <GainText gain={gain} />
      </span>
      <span className="gain-track" aria-hidden="true">
        {gain !== null && (
          <span
            className="gain-fill"
            data-sign={gain < 0 ? "loss" : "gain"}
            style={{ left: `${50 + Math.min(0, gain / reach) * 50}%`, width: `${(Math.abs(gain) / reach) * 50}%` }}
          />
        )}
      </span>
    </div>
  );
}
