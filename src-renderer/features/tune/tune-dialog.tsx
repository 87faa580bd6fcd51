// The dialog of auto-tuning: the form of a new one, or the newest of these images with its ranking.
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckpointId, TuningId } from "../../../src-shared/contract/workbench/ids.ts";
import { shortName } from "../../components/format.ts";
import { queries } from "../../state/queries.ts";
import { type TuneTarget, useTuneDialog } from "../../state/tune-dialog.ts";
import { useIsOnTop } from "../../state/use-is-on-top.ts";
import { TuneForm } from "./tune-form.tsx";
import { latestTuning } from "./tune-plan.ts";
import { TuneView } from "./tune-view.tsx";
import "./tune-dialog.css";

const CLOSE_BUTTON = { "aria-label": "Close" };

export function TuneDialog() {
  const { target, close } = useTuneDialog();
  const isOnTop = useIsOnTop();
  return (
    <Modal
      opened={target !== null}
      onClose={close}
      title={target === null ? "" : `Auto-tune on ${nameOf(target)}`}
      size={760}
      closeOnEscape={isOnTop}
      closeButtonProps={CLOSE_BUTTON}
    >
      {target !== null && <TuneContent target={target} onClose={close} />}
    </Modal>
  );
}

/** An image as everywhere else; images together as whoever chose them says. */
function nameOf({ imageIds, name }: TuneTarget): string {
  return imageIds.length === 1 ? shortName(name) : name;
}

function TuneContent({ target, onClose }: { readonly target: TuneTarget; readonly onClose: () => void }) {
  const tunings = useQuery(queries.tunings()).data;
  const checkpoints = useQuery(queries.checkpoints()).data?.filter(
    ({ problem, isAvailable }) => problem === null && isAvailable,
  );
  const [chosenId, setChosenId] = useState<CheckpointId | null>(target.checkpointId);
  const [isNew, setNew] = useState(false);
  const [startedId, setStartedId] = useState<TuningId | null>(null);
  const checkpoint = checkpoints?.find(({ id }) => id === chosenId) ?? checkpoints?.[0];
  if (tunings === undefined || checkpoints === undefined) return <div className="skeleton tune-skeleton" />;
  const started = tunings.find(({ id }) => id === startedId);
  const shown = isNew ? started : (started ?? latestTuning(tunings, target.imageIds, checkpoint?.id ?? null));
  if (shown !== undefined) {
    const startAnew = () => {
      setStartedId(null);
      setNew(true);
    };
    return <TuneView tuning={shown} target={target} onNew={startAnew} onClose={onClose} />;
  }
  return (
    <TuneForm
      target={target}
      checkpoints={checkpoints}
      checkpoint={checkpoint}
      onCheckpoint={setChosenId}
      onStarted={setStartedId}
      onClose={onClose}
    />
  );
}
