// One training: how far it is, its curves with others over them, what it predicts, and what it has left behind.
import { Button, Progress } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconArrowRight,
  IconCube,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTerminal2,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { variantText } from "../../../src-shared/contract/training/variant-score.ts";
import type { Training, TrainingCurves, TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { queries } from "../../state/queries.ts";
import { useQueue, waitText } from "../../state/queue.ts";
import { formatDate, isActive } from "../../state/run-words.ts";
import { stopNow, stopTraining, useStopping } from "../../state/stop-job.ts";
import { sentenceOf } from "../../state/tell.ts";
import { bestScore } from "./curve-points.ts";
import { nextStep, stepsOfTraining } from "./method-sequence.ts";
import { PreviewPanel } from "./preview-panel.tsx";
import { copyCommand, goOn, openInAdapt, pauseTraining, removeTraining, resumeTraining } from "./training-actions.ts";
import { TrainingCharts } from "./training-charts.tsx";
import "./training-detail.css";
import { ParameterTable } from "./parameter-table.tsx";
import { SequenceSteps } from "./sequence-steps.tsx";
import { dataName, imagesWords, isResumable, progressOf, shortNumber, trainingName } from "./training-words.ts";
import { useCurves } from "./use-curves.ts";

interface TrainingDetailProps {
  readonly training: Training;
  readonly list: readonly Training[];
}

export function TrainingDetail({ training, list }: TrainingDetailProps) {
  const datasets = useQuery(queries.datasets()).data ?? [];
  const { curves, drawn, error } = useCurves(training, list);
  const steps = stepsOfTraining(training);
  const nameOf = (chosen: TrainingData) =>
    dataName(chosen, chosen.kind === "dataset" ? datasets.find(({ id }) => id === chosen.datasetId)?.name : undefined);
  const images = imagesWords(training, nameOf);
  return (
    <ScreenFrame
      title={trainingName(training)}
      detail={`${images} · ${formatDate(training.createdAt, Date.now())}`}
      actions={<Actions training={training} />}
    >
      {steps.length > 0 && (
        <div className="training-steps">
          <SequenceSteps steps={steps} />
        </div>
      )}
      <FigureLine training={training} curves={curves} />
      <Ending training={training} />
      {error !== null && (
        <div className="train-notice">
          <Notice level="error">{sentenceOf(error)}</Notice>
        </div>
      )}
      <div className="training-detail">
        <TrainingCharts training={training} curves={curves} drawn={drawn} />
        <aside className="training-side" aria-label="Predictions and checkpoints">
          <PreviewPanel training={training} curves={curves} />
          <Checkpoints training={training} />
          <ParameterTable training={training} />
        </aside>
      </div>
    </ScreenFrame>
  );
}

function Actions({ training }: { readonly training: Training }) {
  const { id, status, isPaused } = training;
  const isStopping = useStopping(({ ids }) => ids.has(id)) && isActive(status);
  const mayResume = (status === "running" && isPaused && !isStopping) || isResumable(training);
  const next = nextStep(training);
  return (
    <>
      {next !== null && (
        <Button leftSection={<IconArrowRight size={15} aria-hidden="true" />} onClick={() => goOn(training, next)}>
          Go on with {(traitsOf({ method: next }).stepTitle ?? traitsOf({ method: next }).title).toLowerCase()}
        </Button>
      )}
      {status === "running" && !isPaused && !isStopping && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={15} aria-hidden="true" />}
          onClick={() => void pauseTraining(id)}
        >
          Pause
        </Button>
      )}
      {mayResume && (
        <Button leftSection={<IconPlayerPlay size={15} aria-hidden="true" />} onClick={() => void resumeTraining(id)}>
          Resume
        </Button>
      )}
      {isActive(status) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} aria-hidden="true" />}
          title={isStopping ? "In the middle of the step: Resume then goes on from what was saved last" : undefined}
          onClick={() => void (isStopping ? stopNow(id) : stopTraining(id))}
        >
          {isStopping ? "Stop now" : "Stop"}
        </Button>
      )}
      <IconButton label="Copy as command" onClick={() => void copyCommand(id)}>
        <IconTerminal2 size={17} />
      </IconButton>
      <IconButton label="Remove" disabled={isActive(status)} onClick={() => removeTraining(training)}>
        <IconTrash size={17} />
      </IconButton>
    </>
  );
}

interface FigureLineProps {
  readonly training: Training;
  readonly curves: TrainingCurves | undefined;
}

function FigureLine({ training, curves }: FigureLineProps) {
  const { step, steps, epoch, config, lastLoss, learningRate, imagesPerSecond, leftMs, memoryBytes, bestMiou, status } =
    training;
  const isGoing = isActive(status);
  const best = curves === undefined ? null : bestScore(curves, training);
  const number = (value: number | null) => (value === null ? "–" : shortNumber(value));
  return (
    <div className="training-figures-box">
      <dl className="training-figures">
        <Figure name="step">
          {formatCount(step)}
          {steps !== null && <span className="dimmed"> of {formatCount(steps)}</span>}
        </Figure>
        <Figure name="epoch">
          {epoch}
          <span className="dimmed"> of {config.numEpochs}</span>
        </Figure>
        <Figure name="loss">{number(lastLoss)}</Figure>
        <Figure name="learning rate">{number(learningRate)}</Figure>
        <Figure
          name="best mean IoU"
          title="On the validation images, pooled over their pixels: of the weights that become the checkpoint"
        >
          {formatShare(bestMiou)}
          {best !== null && (
            <span className="dimmed">
              {" "}
              {variantText(best)}, epoch {best.epoch}
            </span>
          )}
        </Figure>
        <Figure name="images a second">{imagesPerSecond === null ? "–" : imagesPerSecond.toFixed(1)}</Figure>
        {isGoing && <Figure name="left">{leftMs === null ? "–" : formatDuration(leftMs)}</Figure>}
        <Figure name="memory">{memoryBytes === null ? "–" : formatBytes(memoryBytes)}</Figure>
      </dl>
      {isGoing && (
        <Progress value={(progressOf(training) ?? 0) * 100} radius={0} size={3} aria-label="Progress of the training" />
      )}
    </div>
  );
}

interface FigureProps {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Figure({ name, title, children }: FigureProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What ended otherwise than it should, in place. */
function Ending({ training }: { readonly training: Training }) {
  const { id, status, error, checkpointIds, isPaused } = training;
  const queue = useQueue();
  const isStopping = useStopping(({ ids }) => ids.has(id)) && isActive(status);
  const kept = checkpointIds.length > 0 ? " The last good checkpoint is kept." : "";
  const notice = isStopping
    ? ({ level: "info", text: "Stopping after this step…" } as const)
    : status === "queued"
      ? ({ level: "info", text: `${waitText(queue, id)}.` } as const)
      : status === "failed"
        ? ({ level: "error", text: `${error?.message ?? "The training failed."}${kept}` } as const)
        : status === "interrupted"
          ? ({
              level: "warning",
              text: `${error?.message ?? "The program ended in the middle of it."} Resume goes on from what was saved last.`,
            } as const)
          : status === "cancelled"
            ? ({ level: "info", text: "Stopped. Resume goes on from here." } as const)
            : status === "running" && isPaused
              ? ({
                  level: "info",
                  text: "Paused between two steps. The memory stays taken until it is stopped.",
                } as const)
              : null;
  return (
    notice !== null && (
      <div className="train-notice">
        <Notice level={notice.level}>{notice.text}</Notice>
      </div>
    )
  );
}

function Checkpoints({ training }: { readonly training: Training }) {
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const own = training.checkpointIds.flatMap((id) => checkpoints.find((checkpoint) => checkpoint.id === id) ?? []);
  return (
    <section className="training-panel">
      <h2>Checkpoints</h2>
      {own.length === 0 ? (
        <p className="training-panel-note">
          {isActive(training.status) ? "Written at the end, and opened here." : "None was written."}
        </p>
      ) : (
        <ul className="training-checkpoints">
          {own.map(({ id, name, alpha, problem, isAvailable }) => (
            <li key={id}>
              <IconCube size={16} stroke={1.6} aria-hidden="true" />
              <span className="training-checkpoint-name" title={name}>
                {name}
              </span>
              {alpha !== null && <span className="training-checkpoint-alpha">alpha {shortNumber(alpha)}</span>}
              <Button
                variant="default"
                size="compact-xs"
                disabled={problem !== null || !isAvailable}
                leftSection={<IconAdjustmentsHorizontal size={13} aria-hidden="true" />}
                onClick={() => openInAdapt(id)}
              >
                Open in Adapt
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
