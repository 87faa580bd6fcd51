// At the right of the grid: the chosen image, several, or the dataset itself.
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { useSelection } from "../../state/selection.ts";
import { DatasetPanel } from "./dataset-panel.tsx";
import { ImagePanel } from "./image-panel.tsx";
import { SelectionPanel } from "./selection-panel.tsx";
import "./side-panel.css";

export function useSelectedIds(dataset: Dataset): ReadonlySet<ImageId> {
  const { datasetId, ids } = useSelection();
  return datasetId === dataset.id ? ids : NONE;
}

const NONE: ReadonlySet<ImageId> = new Set();

export function SidePanel({ dataset }: { readonly dataset: Dataset }) {
  const ids = useSelectedIds(dataset);
  const [only] = ids;
  return (
    <aside className="side-panel" aria-label="Details">
      {only === undefined ? (
        <DatasetPanel dataset={dataset} />
      ) : ids.size === 1 ? (
        <ImagePanel key={only} id={only} />
      ) : (
        <SelectionPanel dataset={dataset} ids={ids} />
      )}
    </aside>
  );
}
