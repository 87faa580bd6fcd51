// One chosen image: what it is, its figures, and the way to adapt to it.
import { Button } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { type Fact, Facts } from "../../components/facts.tsx";
import { formatGain, formatShare, formatSize, shortName } from "../../components/format.ts";
import { useImage } from "../../state/entities.ts";
import { SimilarImages } from "./similar-images.tsx";
import { openImage } from "./use-grid-input.ts";

export function ImagePanel({ id }: { readonly id: ImageId }) {
  const item = useImage(id);
  return (
    <>
      <img className="side-panel-picture" src={routes.thumbnail(id)} alt="" />
      {item === undefined ? <div className="skeleton" style={{ height: 120 }} /> : <Known item={item} />}
    </>
  );
}

function Known({ item }: { readonly item: ImageItem }) {
  const facts: Fact[] = [{ name: "Folder", value: item.key.split("/").slice(0, -1).join("/") || "–" }];
  if (item.size !== null) facts.push({ name: "Size", value: `${formatSize(item.size)} px` });
  if (item.split !== null) facts.push({ name: "Split", value: item.split });
  if (item.tags.length > 0) facts.push({ name: "Tags", value: item.tags.join(", ") });
  facts.push({ name: "Labels", value: item.hasLabels ? "yes" : "none" });
  return (
    <>
      <h2>{shortName(item.key)}</h2>
      <div className="side-panel-actions">
        <Button
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.8} aria-hidden="true" />}
          onClick={() => openImage(item)}
        >
          Adapt to this image
        </Button>
      </div>
      <Facts facts={facts} />
      <SimilarImages item={item} />
      <h3>Newest result</h3>
      {item.scores === null ? (
        <p className="dimmed">No run or evaluation of this image has finished yet.</p>
      ) : (
        <Facts
          facts={[
            { name: "Mean IoU", value: formatShare(item.scores.miou) },
            { name: "Gain", value: item.scores.gain === null ? "–" : `${formatGain(item.scores.gain)} points` },
            { name: "Confidence", value: formatShare(item.scores.confidence) },
            { name: "Entropy", value: formatShare(item.scores.entropy) },
          ]}
        />
      )}
    </>
  );
}
