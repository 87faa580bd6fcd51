// A tuning as it goes: how far it is, its ranking, and what can be done with it and with the winner.
import { Button, Group, Progress } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { paceLeftMs } from "../../../src-shared/contract/pace.ts";
import { CRITERIA } from "../../../src-shared/contract/tuning.ts";
import type { Tuning } from "../../../src-shared/contract/workbench/tunings.ts";
import { countOf, formatCount, formatDuration } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { isActive } from "../../state/run-words.ts";
import type { TuneTarget } from "../../state/tune-dialog.ts";
import { TuneRanking } from "./tune-ranking.tsx";
import { cancelTuning, copyCommand, resumeTuning } from "./tuning-actions.ts";

interface TuneViewProps {
  readonly tuning: Tuning;
  readonly target: TuneTarget;
  readonly onNew: () => void;
  readonly onClose: () => void;
}

export function TuneView({ tuning, target, onNew, onClose }: TuneViewProps) {
  const { status, error, result, plan, imageIds, checkpointName } = tuning;
  return (
    <div className="tune-view">
      <p className="dimmed tune-view-what">
        {CRITERIA[plan.criterion].title} on {countOf(imageIds.length, "image")}, {checkpointName}.{" "}
        {plan.criterion === "miou"
          ? "Chosen with the labels: no longer a fair score of these images."
          : CRITERIA[plan.criterion].definition}
      </p>
      {isActive(status) && <Progressing tuning={tuning} />}
      {error !== null && <Notice level="error">{error.message}</Notice>}
      {(status === "cancelled" || status === "interrupted") && (
        <Notice level="info">Stopped early. What was tried is ranked; it can be gone on with.</Notice>
      )}
      {result !== null && result.failed > 0 && (
        <Notice level="warning">
          {countOf(result.failed, "run")} failed and can't win. {result.problem}
        </Notice>
      )}
      {result === null ? (
        <p className="dimmed">The ranking appears here when the first run is done.</p>
      ) : (
        <TuneRanking result={result} plan={plan} target={target} name={tuning.name} onClose={onClose} />
      )}
      <Group justify="flex-end" gap="sm">
        <IconButton label="Copy as command" onClick={() => void copyCommand(tuning)}>
          <IconTerminal2 size={17} />
        </IconButton>
        <span className="tune-view-gap" />
        {isActive(status) && (
          <Button variant="default" onClick={() => void cancelTuning(tuning)}>
            Stop
          </Button>
        )}
        {(status === "cancelled" || status === "interrupted" || status === "failed") && (
          <Button variant="default" onClick={() => void resumeTuning(tuning)}>
            Go on
          </Button>
        )}
        {!isActive(status) && (
          <Button variant="default" onClick={onNew}>
            Tune anew…
          </Button>
        )}
        <Button variant={isActive(status) ? "filled" : "default"} onClick={onClose}>
          {isActive(status) ? "Go on in the background" : "Close"}
        </Button>
      </Group>
    </div>
  );
}

function Progressing({ tuning: { status, result, startedAt, doneBefore } }: { readonly tuning: Tuning }) {
  if (status === "queued") return <p role="status">Waiting for what runs before.</p>;
  if (result === null) return <p role="status">The first run has begun.</p>;
  const { done, planned } = result;
  const first = startedAt === null ? null : { done: doneBefore, atMs: startedAt };
  const leftMs = first === null ? null : paceLeftMs(first, { done, atMs: Date.now() }, planned);
  return (
    <div className="tune-progress" role="status">
      <span>
        {formatCount(done)} of about {formatCount(planned)} runs
        {leftMs === null || done === planned ? "" : `, about ${formatDuration(leftMs)} left`}
      </span>
      <Progress value={(100 * done) / Math.max(1, planned)} size="sm" aria-label="Progress of the tuning" />
    </div>
  );
}
