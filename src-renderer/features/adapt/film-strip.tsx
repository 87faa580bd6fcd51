// The images around the shown one; a click or [ and ] go to them.
import { UnstyledButton } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { formatCount } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { goToImage, type Neighbours } from "./use-neighbours.ts";

/** On each side of the shown image. */
const REACH = 7;

interface Props {
  readonly image: ImageItem | undefined;
  readonly neighbours: Neighbours;
}

export function FilmStrip({ image, neighbours: { ids, place } }: Props) {
  // At the ends of the dataset the strip stays full.
  const start = Math.max(0, Math.min(place - REACH, ids.length - (2 * REACH + 1)));
  const shown = place < 0 ? [] : ids.slice(start, start + 2 * REACH + 1);
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
      <div className="film-frames">
        {shown.map((id, index) => (
          <UnstyledButton
            key={id}
            className="film-frame"
            aria-current={id === image?.id ? "true" : undefined}
            aria-label={`Image ${start + index + 1} of ${ids.length}`}
            onClick={() => goToImage(id)}
          >
            <img src={routes.thumbnail(id)} alt="" draggable={false} />
          </UnstyledButton>
        ))}
      </div>
      <span className="film-place">
        <span className="cut" title={image?.key}>
          {image?.key ?? ""}
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
