// The images around the shown one; a click or [ and ] go to them.
import { UnstyledButton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconPhotoX } from "@tabler/icons-react";
import { useState } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { formatCount, shortName } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { goToImage, type Neighbours } from "./use-neighbours.ts";

/** Width of a frame with its gap, as in figures.css. */
const FRAME_PX = 68;

interface Props {
  readonly image: ImageItem | undefined;
  readonly neighbours: Neighbours;
}

export function FilmStrip({ image, neighbours: { ids, place } }: Props) {
  const { ref, width } = useElementSize();
  const count = Math.max(1, Math.floor(width / FRAME_PX));
  // At the ends of the dataset the strip stays full.
  const start = Math.max(0, Math.min(place - Math.floor(count / 2), ids.length - count));
  const shown = place < 0 ? [] : ids.slice(start, start + count);
  return (
    <nav className="film-strip" aria-label="Images of this dataset">
      <IconButton
        label="Image before"
        keys={<KeyCombo parts={["["]} />}
        disabled={place <= 0}
        onClick={() => goToImage(ids[place - 1])}
      >
        <IconChevronLeft size={16} />
      </IconButton>
      <div ref={ref} className="film-frames">
        {shown.map((id, index) => (
          <UnstyledButton
            key={id}
            className="film-frame"
            aria-current={id === image?.id ? "true" : undefined}
            aria-label={`Image ${start + index + 1} of ${ids.length}`}
            onClick={() => goToImage(id)}
          >
            <FramePicture id={id} />
          </UnstyledButton>
        ))}
      </div>
      <span className="film-place">
        <span className="cut" title={image?.key}>
          {image === undefined ? "" : shortName(image.key)}
        </span>
        <span className="dimmed">{place < 0 ? "" : `${formatCount(place + 1)} of ${formatCount(ids.length)}`}</span>
      </span>
      <IconButton
        label="Image after"
        keys={<KeyCombo parts={["]"]} />}
        disabled={place < 0 || place >= ids.length - 1}
        onClick={() => goToImage(ids[place + 1])}
      >
        <IconChevronRight size={16} />
      </IconButton>
    </nav>
  );
}

function FramePicture({ id }: { readonly id: ImageId }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return (
      <span className="film-frame-broken" title="Can't be read">
        <IconPhotoX size={16} stroke={1.5} aria-hidden="true" />
        Can't be read
      </span>
    );
  }
  return <img src={routes.thumbnail(id)} alt="" draggable={false} onError={() => setBroken(true)} />;
}
