// The checkpoints: which are open, and what is in each.
import { Button } from "@mantine/core";
import { IconCube, IconFilePlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCommands } from "../../state/commands.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForCheckpoint } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { sentenceOf } from "../../state/tell.ts";
import { CheckpointDetail } from "./checkpoint-detail.tsx";
import { CheckpointList } from "./checkpoint-list.tsx";
import "./checkpoints-screen.css";

export function CheckpointsScreen() {
  const { data, error } = useQuery(queries.checkpoints());
  const hidden = useRemovals((state) => state.hidden);
  const checkpointId = useNavigation((state) => state.checkpointId);
  const checkpoints = data?.filter(({ id }) => !hidden.has(id)).sort(sampleFirst);
  const current = checkpoints?.find(({ id }) => id === checkpointId) ?? checkpoints?.[0];
  useCommands([
    {
      id: "checkpoints.search",
      title: "Find a key",
      group: "Checkpoints",
      keys: "/, mod+f",
      run: () => document.querySelector<HTMLInputElement>("[data-search]")?.focus(),
    },
  ]);
  return (
    <div className="checkpoints-screen">
      <CheckpointList checkpoints={checkpoints} current={current} />
      <div className="checkpoints-main">
        {error !== null && data === undefined && <Notice level="error">{sentenceOf(error)}</Notice>}
        {current !== undefined && <CheckpointDetail key={current.id} checkpoint={current} />}
        {checkpoints?.length === 0 && (
          <EmptyState
            icon={<IconCube size={28} stroke={1.5} />}
            title="No checkpoint is open"
            action={
              <Button
                leftSection={<IconFilePlus size={16} stroke={1.6} aria-hidden="true" />}
                onClick={() => void askForCheckpoint()}
              >
                Open a checkpoint
              </Button>
            }
          >
            PyTorch checkpoints and safetensors are read as data: nothing in them is ever executed.
          </EmptyState>
        )}
      </div>
    </div>
  );
}

function sampleFirst(a: Checkpoint, b: Checkpoint): number {
  return Number(b.isSample) - Number(a.isSample) || a.name.localeCompare(b.name);
}
