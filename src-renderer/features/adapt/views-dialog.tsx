// The augmented views as the network gets them, and the pseudo-label they were fused into.

import { Modal } from "@mantine/core";
import { useEffect, useRef } from "react";
import { create } from "zustand";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { formatShare } from "../../components/format.ts";
import { useAdaptForm, viewsOf } from "../../state/adapt-form.ts";
import { useDisplay } from "../../state/display.ts";
import { usePhoto } from "../../state/use-picture.ts";
import { classColorRow } from "../../viewer/color-rows.ts";
import { TiledPhoto } from "../../viewer/tiled-photo.ts";
import { usePlane } from "./use-plane.ts";
import "../../components/link-button.css";

const useViewsDialog = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

export function openViews(): void {
  useViewsDialog.setState({ isOpen: true });
}

interface Props {
  readonly image: ImageItem | undefined;
  readonly run: Run | null;
  readonly modelClasses: LabelSet;
}

export function ViewsButton(props: Props) {
  const isOpen = useViewsDialog((state) => state.isOpen);
  const config = useAdaptForm((state) => state.config);
  const count = viewsOf(config).length;
  return (
    <>
      <button type="button" className="link-button" disabled={props.image === undefined} onClick={openViews}>
        show the views
      </button>
      <Modal
        opened={isOpen}
        onClose={() => useViewsDialog.setState({ isOpen: false })}
        title={`${count} views: two of each scale, averaged into one prediction`}
        size={1040}
        closeButtonProps={CLOSE_BUTTON}
      >
        {isOpen && <Views {...props} />}
      </Modal>
    </>
  );
}

const CLOSE_BUTTON = { "aria-label": "Close" } as const;

function Views({ image, run, modelClasses }: Props) {
  const config = useAdaptForm((state) => state.config);
  if (image === undefined) return null;
  const { scales, flips, grayscale } = config;
  const largest = Math.max(...scales);
  const isFused = run !== null && run.pseudoLabel !== null && run.image.id === image.id;
  return (
    <>
      <div className="views" style={{ gridTemplateColumns: `repeat(${scales.length}, minmax(150px, 1fr))` }}>
        {viewsOf(config).map(({ index, scale, isFlipped, isGray }) => (
          <figure key={index} className="view">
            <div className="view-frame">
              <img
                src={routes.view(image.id, index, { scales, flips, grayscale })}
                alt=""
                style={{ width: `${(scale / largest) * 100}%` }}
              />
            </div>
            <figcaption>
              <strong>{scale}×</strong> {isFlipped && "flipped "}
              {isGray && "grey"}
              {!isFlipped &&
                !isGray &&
                (index % 2 === 1 ? <span className="dimmed">same as the one before</span> : "plain")}
            </figcaption>
          </figure>
        ))}
      </div>
      {isFused && <FusedLabel image={image} run={run} modelClasses={modelClasses} />}
    </>
  );
}

function FusedLabel({
  image,
  run,
  modelClasses,
}: {
  readonly image: ImageItem;
  readonly run: Run;
  readonly modelClasses: LabelSet;
}) {
  const labels = usePlane(routes.pseudoLabel(run.id));
  const { photo } = usePhoto(routes.photo(image.id));
  const palette = useDisplay((state) => state.palette);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = run.size ?? image.size;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context == null || labels === null || size === null || labels.length !== size.width * size.height) return;
    const classes = modelClasses;
    const colors = classColorRow(palette === "cityscapes" ? classes.palette : classes.colorBlindSafePalette, new Set());
    const pixels = new ImageData(size.width, size.height);
    new Uint32Array(pixels.data.buffer).set(Array.from(labels, (label) => new Uint32Array(colors.buffer)[label] ?? 0));
    context.putImageData(pixels, 0, 0);
  }, [labels, size, palette, modelClasses]);
  if (size === null || run.pseudoLabel === null) return null;
  const { keptPixels, pixels } = run.pseudoLabel;
  return (
    <figure className="view view-fused">
      <div className="view-frame">
        {photo !== null && (
          <img
            src={photo instanceof TiledPhoto ? routes.thumbnail(image.id) : routes.image(image.id)}
            alt=""
            className="view-backdrop"
          />
        )}
        <canvas ref={canvas} width={size.width} height={size.height} />
      </div>
      <figcaption>
        <strong>Pseudo-label</strong> {formatShare(keptPixels / pixels)} of the pixels have one
      </figcaption>
    </figure>
  );
}
