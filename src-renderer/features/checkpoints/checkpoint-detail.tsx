// One checkpoint: what it is, whether it can be run and why not, and its keys.
import { Button, Group, Modal, SegmentedControl } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconCopy, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { RecommendedParameters } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { formatBytes } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { api } from "../../state/api.ts";
import { modelName } from "../../state/model-names.ts";
import { useNavigation } from "../../state/navigation.ts";
import { openCheckpoint } from "../../state/opening.ts";
import { recommendedWords } from "../../state/recipe.ts";
import { REMOVAL_DELAY_MS, removeUndoable } from "../../state/removals.ts";
import { tell, tellFailure, tellUndoable } from "../../state/tell.ts";
import { ArchitectureTable } from "./architecture-table.tsx";
import "./checkpoint-detail.css";
import { KeyTable } from "./key-table.tsx";
import { WeightTable } from "./weight-table.tsx";

function removeCheckpoint({ id, name, path }: Checkpoint): void {
  removeUndoable({
    id,
    label: `remove ${name}`,
    remove: () => api.checkpoints.remove.mutate({ id }),
    restore: () => api.checkpoints.open.mutate({ path }),
  });
  if (useNavigation.getState().checkpointId === id) useNavigation.getState().go({ checkpointId: null });
  tellUndoable(`Removed ${name} from the list. The file is untouched.`, REMOVAL_DELAY_MS);
}

const TABS = [
  { value: "keys", label: "Keys" },
  { value: "architecture", label: "Architecture" },
  { value: "weights", label: "Weights" },
] as const;
type Tab = (typeof TABS)[number]["value"];

export function CheckpointDetail({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const { name, path, isSample, isAvailable, problem } = checkpoint;
  const go = useNavigation((state) => state.go);
  const [asksRemoval, setAsksRemoval] = useState(false);
  const [tab, setTab] = useState<Tab>("keys");
  const isKnown = checkpoint.arch !== null;
  return (
    <ScreenFrame
      title={name}
      detail={
        <span className="mono" title={path}>
          {path}
        </span>
      }
      actions={
        <>
          {!isSample && (
            <Button
              variant="default"
              leftSection={<IconTrash size={15} stroke={1.6} aria-hidden="true" />}
              onClick={() => setAsksRemoval(true)}
            >
              Remove
            </Button>
          )}
          <Button
            disabled={problem !== null || !isAvailable}
            leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.8} aria-hidden="true" />}
            onClick={() => go({ screen: "adapt", checkpointId: checkpoint.id, runId: null })}
          >
            Adapt with it
          </Button>
        </>
      }
    >
      <div className="checkpoint-detail-top">
        {!isAvailable && (
          <Notice
            level="warning"
            action={
              <Button variant="default" size="compact-xs" onClick={() => void openCheckpoint(path)}>
                Look again
              </Button>
            }
          >
            The file is not there now; its disk may not be connected. Nothing is forgotten.
          </Notice>
        )}
        {problem !== null && <Notice level="error">{problem.message}</Notice>}
        {checkpoint.recommendedProblem !== null && (
          <Notice level="warning">{checkpoint.recommendedProblem.message}</Notice>
        )}
        {checkpoint.notes?.map((note) => (
          <Notice key={note} level="info">
            {note}
          </Notice>
        ))}
        <Figures checkpoint={checkpoint} />
        {checkpoint.recommended !== null && <Recommended recommended={checkpoint.recommended} />}
      </div>
      <div className="checkpoint-detail-tabs">
        <SegmentedControl
          aria-label="Show of the checkpoint"
          value={tab}
          onChange={(value) => setTab(TABS.find((one) => one.value === value)?.value ?? "keys")}
          data={TABS.map(({ value, label }) => ({ value, label, disabled: value === "architecture" && !isKnown }))}
        />
      </div>
      {tab === "keys" && <KeyTable key={checkpoint.id} id={checkpoint.id} />}
      {tab === "architecture" && <ArchitectureTable checkpoint={checkpoint} />}
      {tab === "weights" && <WeightTable checkpoint={checkpoint} />}
      <Modal
        opened={asksRemoval}
        onClose={() => setAsksRemoval(false)}
        title={`Remove ${name}?`}
        size="sm"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <p>It disappears from this list. The file is not touched, and its runs stay.</p>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => setAsksRemoval(false)} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            onClick={() => {
              setAsksRemoval(false);
              removeCheckpoint(checkpoint);
            }}
          >
            Remove
          </Button>
        </Group>
      </Modal>
    </ScreenFrame>
  );
}

function Figures({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const { arch, backbone, numClasses, labelSet, alpha, format, sizeBytes, sha256 } = checkpoint;
  const copy = () =>
    navigator.clipboard.writeText(sha256).then(
      () => tell("SHA-256 copied."),
      (error: unknown) => tellFailure("Not copied", error),
    );
  return (
    <dl className="figures">
      <Figure name="Architecture" value={arch === null ? "Not recognised" : modelName(arch)} />
      <Figure name="Backbone" value={backbone === null ? "–" : modelName(backbone)} />
      <Figure name="Classes" value={labelSet === undefined ? (numClasses ?? "–") : `${numClasses}, ${labelSet.name}`} />
      <Figure name="Alpha" value={alpha ?? (arch === null ? "–" : "differs by layer")} />
      <Figure name="Format" value={format} />
      <Figure name="Size" value={formatBytes(sizeBytes)} />
      <Figure
        name="SHA-256"
        value={
          <span className="figures-hash">
            <span className="mono" title={sha256}>
              {sha256.slice(0, 12)}…
            </span>
            <IconButton label="Copy SHA-256" size={20} onClick={() => void copy()}>
              <IconCopy size={13} />
            </IconButton>
          </span>
        }
      />
    </dl>
  );
}

/** Only what differs from the published recipe. */
function Recommended({ recommended: { parameters, foundOn } }: { readonly recommended: RecommendedParameters }) {
  const words = recommendedWords(parameters);
  return (
    <p className="dimmed">
      Recommends for adapting: {words.length === 0 ? "the published recipe" : words.join(" · ")}. {foundOn}
    </p>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
