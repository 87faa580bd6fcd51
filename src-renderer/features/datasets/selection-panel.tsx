// Several chosen images: a glimpse of them, and a run over all.
import { Button } from "@mantine/core";
import { IconAdjustments, IconPlayerPlay } from "@tabler/icons-react";
import { evenly } from "../../../src-shared/contract/tuning.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { MAX_TUNED_IMAGES } from "../../../src-shared/contract/workbench/tunings.ts";
import { countOf } from "../../components/format.ts";
import { useNavigation } from "../../state/navigation.ts";
import { useTuneDialog } from "../../state/tune-dialog.ts";
import { openBatchDialog } from "./batch-dialog.tsx";
import { selectNone } from "./use-grid-input.ts";

interface SelectionPanelProps {
  readonly dataset: Dataset;
  readonly ids: ReadonlySet<ImageId>;
}

export function SelectionPanel({ dataset, ids }: SelectionPanelProps) {
  return (
    <>
      <div className="side-panel-stack" aria-hidden="true">
        {[...ids].slice(0, 3).map((id) => (
          <img key={id} src={routes.thumbnail(id)} alt="" />
        ))}
      </div>
      <h2>{countOf(ids.size, "image")} selected</h2>
      <div className="side-panel-actions">
        <Button
          leftSection={<IconPlayerPlay size={16} stroke={1.8} aria-hidden="true" />}
          onClick={() => openBatchDialog({ dataset, ids: [...ids] })}
        >
          Run on {countOf(ids.size, "image")}…
        </Button>
        <Button
          variant="default"
          leftSection={<IconAdjustments size={16} stroke={1.8} aria-hidden="true" />}
          onClick={() => {
            const imageIds = evenly([...ids], MAX_TUNED_IMAGES);
            const name = `${countOf(imageIds.length, "image")} of ${dataset.name}`;
            const { checkpointId } = useNavigation.getState();
            useTuneDialog.getState().open({ imageIds, checkpointId, name });
          }}
        >
          Auto-tune on {countOf(Math.min(ids.size, MAX_TUNED_IMAGES), "image")}…
        </Button>
        <Button variant="default" onClick={selectNone}>
          Select none
        </Button>
      </div>
    </>
  );
}
