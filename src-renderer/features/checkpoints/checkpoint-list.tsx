// The opened checkpoints, one of which is shown.
import { Button, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCube, IconCubeOff, IconFilePlus, IconSparkles } from "@tabler/icons-react";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { formatBytes, lastPart } from "../../components/format.ts";
import { modelNames } from "../../state/model-names.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForCheckpoint, useOpening } from "../../state/opening.ts";
import "./checkpoint-list.css";

interface CheckpointListProps {
  readonly checkpoints: readonly Checkpoint[] | undefined;
  readonly current: Checkpoint | undefined;
}

export function CheckpointList({ checkpoints, current }: CheckpointListProps) {
  const opening = useOpening((state) => state.checkpoints);
  return (
    <aside className="checkpoint-list" aria-label="Checkpoints">
      <ul className="checkpoint-list-items">
        {checkpoints === undefined &&
          ["a", "b"].map((key) => <li key={key} className="checkpoint-list-skeleton skeleton" />)}
        {checkpoints?.map((checkpoint) => (
          <li key={checkpoint.id}>
            <Item checkpoint={checkpoint} isCurrent={checkpoint.id === current?.id} />
          </li>
        ))}
        {opening.map((path) => (
          <li key={path} className="checkpoint-item checkpoint-item-opening">
            <IconCube size={18} stroke={1.5} aria-hidden="true" className="checkpoint-item-icon" />
            <span className="checkpoint-item-texts">
              <span className="checkpoint-item-name">{lastPart(path)}</span>
              <span className="checkpoint-item-detail">Reading the file</span>
            </span>
          </li>
        ))}
      </ul>
      <div className="checkpoint-list-foot">
        <Button
          fullWidth
          variant="default"
          leftSection={<IconFilePlus size={16} stroke={1.6} aria-hidden="true" />}
          onClick={() => void askForCheckpoint()}
        >
          Open a checkpoint
        </Button>
        <p className="dimmed">.pth, .pt or .safetensors, or drop one</p>
      </div>
    </aside>
  );
}

function Item({ checkpoint, isCurrent }: { readonly checkpoint: Checkpoint; readonly isCurrent: boolean }) {
  const go = useNavigation((state) => state.go);
  const { name, path, isSample, isAvailable, problem } = checkpoint;
  const Icon = isSample ? IconSparkles : isAvailable ? IconCube : IconCubeOff;
  return (
    <UnstyledButton
      className="checkpoint-item"
      aria-current={isCurrent || undefined}
      title={path}
      onClick={() => go({ checkpointId: checkpoint.id })}
    >
      <Icon size={18} stroke={1.5} aria-hidden="true" className="checkpoint-item-icon" />
      <span className="checkpoint-item-texts">
        <span className="checkpoint-item-name">{name}</span>
        <span className="checkpoint-item-detail" data-warning={!isAvailable || problem !== null || undefined}>
          {detailOf(checkpoint)}
        </span>
      </span>
      {problem !== null && <IconAlertTriangle size={15} aria-hidden="true" className="checkpoint-item-warning" />}
    </UnstyledButton>
  );
}

function detailOf({ isSample, isAvailable, problem, arch, backbone, sizeBytes }: Checkpoint): string {
  if (!isAvailable) return "Not there now";
  if (problem !== null) return "Can't be run";
  const model = modelNames(arch, backbone);
  return isSample ? `Sample · ${model}` : `${model} · ${formatBytes(sizeBytes)}`;
}
