// One image of the grid: thumbnail, name, and the figure it is sorted by.
import { IconCheck, IconPhotoX, IconTag } from "@tabler/icons-react";
import { type CSSProperties, type MouseEvent, memo, useState } from "react";
import type { ImageItem, ImageQuery } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { shortName } from "../../components/format.ts";
import { cellFigure } from "./cell-figure.ts";

interface ImageCellProps {
  readonly index: number;
  /** Undefined while it is fetched. */
  readonly item: ImageItem | undefined;
  readonly sortBy: ImageQuery["sort"]["by"];
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly style: CSSProperties;
  readonly total: number;
  /** Whether it is seen now, and not only near what is: its thumbnail comes first. */
  readonly isInView: boolean;
  readonly onPick: (index: number, item: ImageItem, event: MouseEvent) => void;
  readonly onOpen: (item: ImageItem) => void;
  /** Hears of the thumbnail's width by height. */
  readonly onAspect: ((aspect: number) => void) | undefined;
}

export const ImageCell = memo(function ImageCell(props: ImageCellProps) {
  const { index, item, sortBy, isSelected, isCursor, style, total, isInView, onPick, onOpen, onAspect } = props;
  if (item === undefined) {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points at its cells
      <div
        className="image-cell"
        style={style}
        role="option"
        aria-posinset={index + 1}
        aria-setsize={total}
        aria-busy="true"
      >
        <div className="image-cell-picture" />
        <div className="image-cell-caption">
          <span className="image-cell-line" />
        </div>
      </div>
    );
  }
  const name = shortName(item.key);
  const figure = cellFigure(item, sortBy);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points at its cells
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
    <div
      id={`image-${item.id}`}
      className="image-cell"
      style={style}
      role="option"
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={isSelected}
      data-cursor={isCursor || undefined}
      onClick={(event) => onPick(index, item, event)}
      onDoubleClick={() => onOpen(item)}
      title={item.key}
    >
      <div className="image-cell-picture">
        <Thumbnail key={item.id} item={item} isInView={isInView} onAspect={onAspect} />
        {figure !== null && (
          <span className="image-cell-figure" data-loss={figure.isLoss || undefined} title={figure.title}>
            <span className="image-cell-figure-name">{figure.name}</span> {figure.text}
          </span>
        )}
        {isSelected && (
          <span className="image-cell-check">
            <IconCheck size={12} stroke={3} aria-hidden="true" />
          </span>
        )}
      </div>
      <div className="image-cell-caption">
        <span className="image-cell-name">{name}</span>
        {item.hasLabels && <IconTag size={12} stroke={1.8} aria-label="has labels" className="image-cell-tag" />}
      </div>
    </div>
  );
});

interface ThumbnailProps extends Pick<ImageCellProps, "isInView" | "onAspect"> {
  readonly item: ImageItem;
}

function Thumbnail({ item, isInView, onAspect }: ThumbnailProps) {
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  if (state === "broken") {
    return (
      <div className="image-cell-broken">
        <IconPhotoX size={20} stroke={1.5} aria-hidden="true" />
        Can't be read
      </div>
    );
  }
  return (
    <img
      src={routes.thumbnail(item.id)}
      alt=""
      decoding="async"
      fetchPriority={isInView ? "high" : "low"}
      draggable={false}
      data-shown={state === "shown" || undefined}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        setState("shown");
        onAspect?.(naturalWidth / naturalHeight);
      }}
      onError={() => setState("broken")}
    />
  );
}
