// The opened datasets, one of which is shown.
import { Button, Progress, UnstyledButton } from "@mantine/core";
import { IconFolder, IconFolderOff, IconFolderPlus, IconSparkles } from "@tabler/icons-react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForDataset } from "../../state/opening.ts";
import "./dataset-list.css";

interface DatasetListProps {
  readonly datasets: readonly Dataset[] | undefined;
  readonly current: Dataset | undefined;
}

export function DatasetList({ datasets, current }: DatasetListProps) {
  return (
    <aside className="dataset-list" aria-label="Datasets">
      <ul className="dataset-list-items">
        {datasets === undefined &&
          ["a", "b", "c"].map((key) => <li key={key} className="dataset-list-skeleton skeleton" />)}
        {datasets?.map((dataset) => (
          <li key={dataset.id}>
            <Item dataset={dataset} isCurrent={dataset.id === current?.id} />
          </li>
        ))}
      </ul>
      <div className="dataset-list-foot">
        <Button
          fullWidth
          variant="default"
          leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden="true" />}
          onClick={() => void askForDataset()}
        >
          Open a folder
        </Button>
        <p className="dimmed">or drop one on the window</p>
      </div>
    </aside>
  );
}

function Item({ dataset, isCurrent }: { readonly dataset: Dataset; readonly isCurrent: boolean }) {
  const go = useNavigation((state) => state.go);
  const Icon = dataset.isSample ? IconSparkles : dataset.isAvailable ? IconFolder : IconFolderOff;
  return (
    <UnstyledButton
      className="dataset-item"
      aria-current={isCurrent || undefined}
      data-unavailable={!dataset.isAvailable || undefined}
      title={dataset.path}
      onClick={() => go({ datasetId: dataset.id, imageId: null })}
    >
      <Icon size={18} stroke={1.5} aria-hidden="true" className="dataset-item-icon" />
      <span className="dataset-item-texts">
        <span className="dataset-item-name">{dataset.name}</span>
        <span className="dataset-item-detail">{detailOf(dataset)}</span>
        {dataset.listing.status === "listing" && (
          <Progress value={100} animated aria-label={`Listing ${dataset.name}`} size={2} mt={4} />
        )}
      </span>
    </UnstyledButton>
  );
}

/** Layouts whose names say nothing that the name of the folder does not. */
const PLAIN_LAYOUTS = ["images", "labelled-images", "domains"];

function detailOf({ isSample, isAvailable, listing, imageCount, layout, layoutName }: Dataset): string {
  if (!isAvailable) return `Not there now · ${countOf(imageCount, "image")}`;
  if (listing.status === "listing") return `Listing, ${formatCount(listing.found)} found`;
  if (listing.status === "failed") return "Could not be listed";
  const images = countOf(imageCount, "image");
  return isSample || PLAIN_LAYOUTS.includes(layout) ? images : `${images} · ${layoutName}`;
}
