// The opened checkpoints, one of which is shown.
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCube, IconCubeOff, IconFilePlus, IconSparkles } from "@tabler/icons-react";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { formatBytes, lastPart } from "../../components/format.ts";
import { SideList, SideListItem, SideListTexts } from "../../components/side-list.tsx";
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
    <SideList
      label="Checkpoints"
      className="checkpoint-list"
      skeletons={checkpoints === undefined ? 2 : 0}
      foot={
        <>
          <Button
            fullWidth
            variant="default"
            leftSection={<IconFilePlus size={16} stroke={1.6} aria-hidden="true" />}
            onClick={() => void askForCheckpoint()}
          >
            Open a checkpoint
          </Button>
          <p className="dimmed">.pth, .pt, .bin, .safetensors or .onnx, or drop one</p>
        </>
      }
    >
      {checkpoints?.map((checkpoint) => (
        <li key={checkpoint.id}>
          <Item checkpoint={checkpoint} isCurrent={checkpoint.id === current?.id} />
        </li>
      ))}
      {opening.map((path) => (
        <li key={path} className="side-list-item checkpoint-list-opening">
          <SideListTexts icon={IconCube} name={lastPart(path)} detail="Reading the file" />
        </li>
      ))}
    </SideList>
  );
}

function Item({ checkpoint, isCurrent }: { readonly checkpoint: Checkpoint; readonly isCurrent: boolean }) {
  const go = useNavigation((state) => state.go);
  const { name, path, isSample, isAvailable, problem } = checkpoint;
  const icon = isSample ? IconSparkles : isAvailable ? IconCube : IconCubeOff;
  return (
    <SideListItem isCurrent={isCurrent} title={path} onClick={() => go({ checkpointId: checkpoint.id })}>
      <SideListTexts
        icon={icon}
        name={name}
        detail={detailOf(checkpoint)}
        isWarning={!isAvailable || problem !== null}
      />
      {problem !== null && <IconAlertTriangle size={15} aria-hidden="true" className="checkpoint-list-warning" />}
    </SideListItem>
  );
}

function detailOf({ isSample, isAvailable, problem, arch, backbone, sizeBytes }: Checkpoint): string {
  if (!isAvailable) return "Not there now";
  if (problem !== null) return "Can't be run";
  const model = modelNames(arch, backbone);
  return isSample ? `Sample · ${model}` : `${model} · ${formatBytes(sizeBytes)}`;
}
