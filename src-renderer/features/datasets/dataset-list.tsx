// The opened datasets, one of which is shown.
import { Button, Progress } from "@mantine/core";
import { IconFolder, IconFolderOff, IconFolderPlus, IconSparkles } from "@tabler/icons-react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { SideList, SideListItem, SideListTexts } from "../../components/side-list.tsx";
import { useNavigation } from "../../state/navigation.ts";
import { askForDataset } from "../../state/opening.ts";
import "./dataset-list.css";

interface DatasetListProps {
  readonly datasets: readonly Dataset[] | undefined;
  readonly current: Dataset | undefined;
}

export function DatasetList({ datasets, current }: DatasetListProps) {
  return (
    <SideList
      label="Datasets"
      className="dataset-list"
      skeletons={datasets === undefined ? 3 : 0}
      foot={
        <>
          <Button
            fullWidth
            variant="default"
            leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden="true" />}
            onClick={() => void askForDataset()}
          >
            Open a folder
          </Button>
          <p className="dimmed">or drop one on the window</p>
        </>
      }
    >
      {datasets?.map((dataset) => (
        <li key={dataset.id} className={dataset.isAvailable ? undefined : "dataset-list-unavailable"}>
          <Item dataset={dataset} isCurrent={dataset.id === current?.id} />
        </li>
      ))}
    </SideList>
  );
}

function Item({ dataset, isCurrent }: { readonly dataset: Dataset; readonly isCurrent: boolean }) {
  const go = useNavigation((state) => state.go);
  const icon = dataset.isSample ? IconSparkles : dataset.isAvailable ? IconFolder : IconFolderOff;
  return (
    <SideListItem
      isCurrent={isCurrent}
      title={dataset.path}
      onClick={() => go({ datasetId: dataset.id, imageId: null })}
    >
      <SideListTexts icon={icon} name={dataset.name} detail={detailOf(dataset)} isWarning={!dataset.isAvailable}>
        {dataset.listing.status === "listing" && (
          <Progress value={100} animated aria-label={`Listing ${dataset.name}`} size={2} mt={4} />
        )}
      </SideListTexts>
    </SideListItem>
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
