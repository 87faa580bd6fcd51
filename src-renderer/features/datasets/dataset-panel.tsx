// The dataset itself: where it lies, what is in it, what was noticed, and what can be done with it.
import { Button, Group, Modal } from "@mantine/core";
import { IconPlayerPlay, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { type Fact, Facts } from "../../components/facts.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { classColors } from "../../state/class-colors.ts";
import { useDisplay } from "../../state/display.ts";
import { imageIds, imageListOf } from "../../state/image-list.ts";
import { tellFailure } from "../../state/tell.ts";
import { openBatchDialog } from "./batch-dialog.tsx";
import { removeDataset, rescanDataset } from "./dataset-actions.ts";

/** Asks for the images that pass the filter and offers a run over them. */
export function runOnListed(dataset: Dataset): void {
  imageIds(dataset.id, imageListOf(dataset.id))
    .then((ids) => openBatchDialog({ dataset, ids }))
    .catch((error: unknown) => tellFailure("The images could not be listed", error));
}

function labelWords({ labelledCount, imageCount }: Dataset): string {
  if (labelledCount === 0) return "none";
  return labelledCount === imageCount ? "all images" : countOf(labelledCount, "image");
}

export function DatasetPanel({ dataset }: { readonly dataset: Dataset }) {
  const { name, path, layoutName, imageCount, splits, notices, isSample } = dataset;
  const [asksRemoval, setAsksRemoval] = useState(false);
  const facts: Fact[] = [
    { name: "Layout", value: layoutName },
    { name: "Images", value: formatCount(imageCount) },
    { name: "Labels", value: labelWords(dataset) },
    ...splits.map((split): Fact => ({ name: split.name, value: formatCount(split.count) })),
    {
      name: "Folder",
      value: isSample ? <span title={path}>comes with the program</span> : <span className="mono">{path}</span>,
    },
  ];
  return (
    <>
      <h2>{name}</h2>
      <div className="side-panel-actions">
        <Button
          variant="default"
          disabled={!dataset.isAvailable || imageCount === 0}
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden="true" />}
          onClick={() => runOnListed(dataset)}
        >
          Run on all listed…
        </Button>
        <Group gap={8} grow>
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} stroke={1.6} aria-hidden="true" />}
            onClick={() => rescanDataset(dataset)}
          >
            Look again
          </Button>
          {!isSample && (
            <Button
              variant="default"
              leftSection={<IconTrash size={15} stroke={1.6} aria-hidden="true" />}
              onClick={() => setAsksRemoval(true)}
            >
              Remove
            </Button>
          )}
        </Group>
      </div>
      {notices.length > 0 && (
        <div className="side-panel-notices">
          {notices.map(({ code, message, count }) => (
            <Notice key={`${code} ${message}`} level="warning">
              {message} {count > 1 && <span className="dimmed">({countOf(count, "file")} like this)</span>}
            </Notice>
          ))}
        </div>
      )}
      <Facts facts={facts} />
      <Classes dataset={dataset} />
      <RemovalQuestion dataset={dataset} isOpen={asksRemoval} onClose={() => setAsksRemoval(false)} />
    </>
  );
}

function Classes({ dataset: { classes, imageCount } }: { readonly dataset: Dataset }) {
  const palette = useDisplay((state) => state.palette);
  const colors = classColors(19, palette);
  if (classes.length === 0) return null;
  return (
    <>
      <h3>Classes in the labels, with images</h3>
      <ul className="side-panel-bars">
        {classes.map(({ trainId, count }) => (
          <li key={trainId} title={`${formatCount(count)} of ${formatCount(imageCount)} images`}>
            <span className="class-dot" style={{ background: colors[trainId]?.color }} />
            <span>{colors[trainId]?.name ?? `class ${trainId}`}</span>
            <span className="dimmed">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface RemovalQuestionProps {
  readonly dataset: Dataset;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function RemovalQuestion({ dataset, isOpen, onClose }: RemovalQuestionProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Remove ${dataset.name}?`}
      size="sm"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p>It disappears from this list, with its thumbnails. No file in its folder is touched, and its runs stay.</p>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button
          color="red"
          onClick={() => {
            onClose();
            removeDataset(dataset);
          }}
        >
          Remove
        </Button>
      </Group>
    </Modal>
  );
}
