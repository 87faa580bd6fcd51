// The datasets: which are open, their images, and what is known of the chosen ones.
import { Button } from "@mantine/core";
import { IconFolderOff, IconFolderPlus, IconPhoto } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { useCommands } from "../../state/commands.ts";
import { ALL_IMAGES, firstImagePage, imageListOf, isFiltered, useImageLists } from "../../state/image-list.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForDataset } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { useSelection } from "../../state/selection.ts";
import { sentenceOf, tellFailure } from "../../state/tell.ts";
import { BatchDialog, openBatchDialog } from "./batch-dialog.tsx";
import { rescanDataset } from "./dataset-actions.ts";
import { DatasetList } from "./dataset-list.tsx";
import { runOnListed } from "./dataset-panel.tsx";
import "./datasets-screen.css";
import { FilterBar } from "./filter-bar.tsx";
import { FirstStart } from "./first-start.tsx";
import { setCellPx, useGridLook } from "./grid-look.ts";
import { ImageGrid } from "./image-grid.tsx";
import { SidePanel } from "./side-panel.tsx";
import { selectAll, selectNone } from "./use-grid-input.ts";

export function DatasetsScreen() {
  const { data, error } = useQuery(queries.datasets());
  const hidden = useRemovals((state) => state.hidden);
  const datasetId = useNavigation((state) => state.datasetId);
  const datasets = data?.filter(({ id }) => !hidden.has(id)).sort(sampleFirst);
  // Until one is chosen, the first: the sample, on a new workspace.
  const current = datasets?.find(({ id }) => id === datasetId) ?? datasets?.[0];
  useDatasetCommands(current);
  return (
    <div className="datasets-screen">
      <h1 className="visually-hidden">Datasets</h1>
      <DatasetList datasets={datasets} current={current} />
      <div className="datasets-main">
        {error !== null && data === undefined && (
          <div className="datasets-notice">
            <Notice level="error">{sentenceOf(error)}</Notice>
          </div>
        )}
        {datasets?.length === 0 && <NoDatasets />}
        {current !== undefined && <Shown key={current.id} dataset={current} />}
      </div>
      {current !== undefined && <SidePanel dataset={current} />}
      <BatchDialog />
    </div>
  );
}

function sampleFirst(a: Dataset, b: Dataset): number {
  return Number(b.isSample) - Number(a.isSample) || a.name.localeCompare(b.name);
}

function NoDatasets() {
  return (
    <EmptyState
      icon={<IconPhoto size={28} stroke={1.5} />}
      title="No dataset is open"
      action={
        <Button
          leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden="true" />}
          onClick={() => void askForDataset()}
        >
          Open a folder
        </Button>
      }
    >
      Any folder of images will do. Cityscapes and other known layouts are recognised with their splits and labels.
    </EmptyState>
  );
}

function Shown({ dataset }: { readonly dataset: Dataset }) {
  const list = useImageLists((state) => state.byDataset.get(dataset.id)) ?? ALL_IMAGES;
  if (!dataset.isAvailable) return <Unavailable dataset={dataset} />;
  return (
    <>
      <FirstStart dataset={dataset} />
      <FilterBar dataset={dataset} list={list} />
      {dataset.listing.status === "failed" && (
        <div className="datasets-notice">
          <Notice
            level="error"
            action={
              <Button variant="default" onClick={() => rescanDataset(dataset)}>
                Look again
              </Button>
            }
          >
            {dataset.listing.error.message}
          </Notice>
        </div>
      )}
      <ImageGrid dataset={dataset} list={list} />
      <GridFoot dataset={dataset} />
    </>
  );
}

function Unavailable({ dataset }: { readonly dataset: Dataset }) {
  return (
    <EmptyState
      icon={<IconFolderOff size={28} stroke={1.5} />}
      title={`${dataset.name} is not there now`}
      action={<Button onClick={() => rescanDataset(dataset)}>Look again</Button>}
    >
      The folder “{dataset.path}” can’t be found; its disk may not be connected. Nothing is forgotten: its{" "}
      {countOf(dataset.imageCount, "image")} and their runs come back with it.
    </EmptyState>
  );
}

function GridFoot({ dataset }: { readonly dataset: Dataset }) {
  const { datasetId, ids } = useSelection();
  const count = datasetId === dataset.id ? ids.size : 0;
  const { listing, imageCount } = dataset;
  return (
    <footer className="grid-foot">
      <ShownCount dataset={dataset} />
      {listing.status === "listing" && (
        <span className="dimmed">Listing the folder, {formatCount(listing.found)} found so far</span>
      )}
      <span className="grid-foot-space" />
      {count > 0 && (
        <>
          <span>{countOf(count, "image")} selected</span>
          <Button size="compact-xs" variant="subtle" onClick={selectNone}>
            Select none
          </Button>
        </>
      )}
      {count === 0 && imageCount > 0 && (
        <span className="dimmed grid-foot-hint">Double-click or Enter opens an image, Shift and Ctrl select more</span>
      )}
    </footer>
  );
}

function ShownCount({ dataset }: { readonly dataset: Dataset }) {
  const list = useImageLists((state) => state.byDataset.get(dataset.id)) ?? ALL_IMAGES;
  const total = useQuery(firstImagePage(dataset.id, list)).data?.total;
  if (total === undefined) return null;
  return (
    <span className="dimmed">
      {isFiltered(list) ? `${formatCount(total)} of ${countOf(dataset.imageCount, "image")}` : countOf(total, "image")}
    </span>
  );
}

/** One step of the size by key. */
const CELL_STEP_PX = 24;

function useDatasetCommands(dataset: Dataset | undefined): void {
  const isShown = () => dataset?.isAvailable === true;
  const resize = (step: number) => setCellPx(useGridLook.getState().cellPx + step);
  const selected = () => {
    const { datasetId, ids } = useSelection.getState();
    return datasetId === dataset?.id ? [...ids] : [];
  };
  useCommands([
    {
      id: "datasets.search",
      title: "Search names",
      group: "Datasets",
      keys: "/, mod+f",
      isEnabled: isShown,
      run: () => document.querySelector<HTMLInputElement>("[data-search]")?.focus(),
    },
    {
      id: "datasets.selectAll",
      title: "Select all listed images",
      group: "Datasets",
      keys: "mod+a",
      isEnabled: isShown,
      run: () => {
        if (dataset === undefined) return;
        selectAll(dataset.id, imageListOf(dataset.id)).catch((error: unknown) =>
          tellFailure("The images were not selected", error),
        );
      },
    },
    {
      id: "datasets.runOnSelection",
      title: "Run on the selected images…",
      group: "Datasets",
      keys: "mod+enter",
      isEnabled: () => selected().length > 0,
      run: () => dataset !== undefined && openBatchDialog({ dataset, ids: selected() }),
    },
    {
      id: "datasets.runOnListed",
      title: "Run on all listed images…",
      group: "Datasets",
      isEnabled: isShown,
      run: () => dataset !== undefined && runOnListed(dataset),
    },
    {
      id: "datasets.rescan",
      title: "Look for new images",
      group: "Datasets",
      isEnabled: () => dataset !== undefined,
      run: () => dataset !== undefined && rescanDataset(dataset),
    },
    {
      id: "datasets.larger",
      title: "Larger thumbnails",
      group: "Datasets",
      keys: "plus",
      repeats: true,
      run: () => resize(CELL_STEP_PX),
    },
    {
      id: "datasets.smaller",
      title: "Smaller thumbnails",
      group: "Datasets",
      keys: "-",
      repeats: true,
      run: () => resize(-CELL_STEP_PX),
    },
  ]);
}
