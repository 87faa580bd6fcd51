// One evaluation: its state, what it is compared with, and its figures or its images.

import { Button, Progress, SegmentedControl, Select } from "@mantine/core";
import {
  IconAdjustments,
  IconChartBar,
  IconFileDownload,
  IconFileZip,
  IconPlayerPlay,
  IconPlayerStop,
  IconTerminal2,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Evaluation, EvaluationResult } from "../../../src-shared/contract/workbench/evaluations.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { countOf, formatCount, formatDuration, formatShare } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { openTuneOfDomain } from "../../state/open-tune.ts";
import { queries } from "../../state/queries.ts";
import { useQueue, waitText } from "../../state/queue.ts";
import { formatDate, isActive, keyParameters } from "../../state/run-words.ts";
import { cancelEvaluation, useStopping } from "../../state/stop-job.ts";
import { sentenceOf } from "../../state/tell.ts";
import { DomainPanel } from "./domain-panel.tsx";
import { useEvaluateView } from "./evaluate-view.ts";
import { copyCommand, removeEvaluation, resumeEvaluation } from "./evaluation-actions.ts";
import { evaluationName, isResumable, METHOD_TITLES } from "./evaluation-words.ts";
import { FiguresTab } from "./figures-tab.tsx";
import { SubmissionDialog } from "./submission-dialog.tsx";
import { type Compared, useCompared } from "./use-evaluations.ts";
import { WeightsDialog } from "./weights-dialog.tsx";

/** Panes and their shaders are only needed where pictures are looked at. */
const ImagesTab = lazy(async () => ({ default: (await import("./images-tab.tsx")).ImagesTab }));

interface EvaluationDetailProps {
  readonly evaluation: Evaluation;
  readonly list: readonly Evaluation[];
}

export function EvaluationDetail({ evaluation, list }: EvaluationDetailProps) {
  const compared = useCompared(list, evaluation);
  const tab = useEvaluateView((view) => view.tab);
  const { checkpointName, datasetName, split, config, createdAt } = evaluation;
  const method = [METHOD_TITLES[config.method], keyParameters(config)].filter((part) => part !== "").join(" · ");
  return (
    <ScreenFrame
      title={evaluationName(evaluation)}
      detail={`${method} · ${checkpointName} · ${datasetName}, ${split ?? "all images"} · ${formatDate(createdAt, Date.now())}`}
      actions={<Actions evaluation={evaluation} />}
    >
      <Progressing evaluation={evaluation} />
      <Problems evaluation={evaluation} result={compared.result} error={compared.error} />
      <div className="evaluation-bar">
        <SegmentedControl
          aria-label="Show"
          value={tab}
          onChange={(value) => useEvaluateView.setState({ tab: value === "images" ? "images" : "figures" })}
          data={[
            { value: "figures", label: "Figures" },
            { value: "images", label: "Images" },
          ]}
        />
        <span className="evaluation-bar-gap" />
        <Against evaluation={evaluation} compared={compared} />
      </div>
      {compared.result === undefined ? (
        compared.error === null && <div className="evaluation-skeleton skeleton" />
      ) : compared.result.summary === null ? (
        <p className="evaluation-waiting">
          {isActive(evaluation.status)
            ? "The first figures appear here when the first image is done."
            : "No image has been evaluated."}
        </p>
      ) : tab === "figures" ? (
        <FiguresTab
          classes={labelSetOf(evaluation)}
          summary={compared.result.summary}
          other={compared.otherResult?.summary ?? null}
          domains={<DomainPanel evaluation={evaluation} list={list} />}
        />
      ) : (
        <Suspense fallback={<div className="evaluation-skeleton skeleton" />}>
          <ImagesTab evaluation={evaluation} result={compared.result} compared={compared} />
        </Suspense>
      )}
    </ScreenFrame>
  );
}

function Actions({ evaluation }: { readonly evaluation: Evaluation }) {
  const running = isActive(evaluation.status);
  const isStopping = useStopping(({ ids }) => ids.has(evaluation.id));
  const [submits, setSubmits] = useState(false);
  const [weighs, setWeighs] = useState(false);
  const dataset = useQuery(queries.datasets()).data?.find(({ id }) => id === evaluation.datasetId);
  return (
    <>
      {running && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} aria-hidden="true" />}
          disabled={isStopping}
          onClick={() => void cancelEvaluation(evaluation.id)}
        >
          {isStopping ? "Stopping…" : "Cancel"}
        </Button>
      )}
      {isResumable(evaluation) && (
        <Button
          leftSection={<IconPlayerPlay size={15} aria-hidden="true" />}
          onClick={() => void resumeEvaluation(evaluation)}
        >
          Resume
        </Button>
      )}
      {evaluation.config.method === "adapt" && (
        <IconButton label="Auto-tune on this domain…" onClick={() => tuneOn(evaluation)}>
          <IconAdjustments size={17} />
        </IconButton>
      )}
      <IconButton label="Copy as command" onClick={() => void copyCommand(evaluation)}>
        <IconTerminal2 size={17} />
      </IconButton>
      {evaluation.done > 0 && (
        <Button
          component="a"
          href={routes.evaluationReport(evaluation.id)}
          download={`${evaluationName(evaluation)}.html`}
          variant="default"
          leftSection={<IconFileDownload size={15} aria-hidden="true" />}
        >
          Report
        </Button>
      )}
      {evaluation.status === "finished" && (
        <IconButton label="Submission to a benchmark…" onClick={() => setSubmits(true)}>
          <IconFileZip size={17} />
        </IconButton>
      )}
      {evaluation.status === "finished" && (
        <IconButton label="Importance weights…" onClick={() => setWeighs(true)}>
          <IconChartBar size={17} />
        </IconButton>
      )}
      {submits && (
        <SubmissionDialog evaluation={evaluation} layout={dataset?.layout} onClose={() => setSubmits(false)} />
      )}
      {weighs && <WeightsDialog evaluation={evaluation} onClose={() => setWeighs(false)} />}
      <IconButton label="Remove" disabled={running} onClick={() => removeEvaluation(evaluation)}>
        <IconTrash size={17} />
      </IconButton>
    </>
  );
}

function tuneOn({ datasetId, datasetName, split, checkpointId, config }: Evaluation): void {
  const start = runConfigFormSchema.parse({ ...config, method: "adapt" });
  void openTuneOfDomain(datasetId, split, { dataset: datasetName }, checkpointId, start);
}

function Progressing({ evaluation }: { readonly evaluation: Evaluation }) {
  const { status, done, images } = evaluation;
  const queue = useQueue();
  const isStopping = useStopping(({ ids }) => ids.has(evaluation.id));
  if (!isActive(status)) return null;
  const text =
    status === "queued"
      ? waitText(queue, evaluation.id)
      : images === null
        ? "Listing the images"
        : `${formatCount(done)} of ${countOf(images, "image")}`;
  const left = queue?.items.find(({ id }) => id === evaluation.id)?.leftMs ?? null;
  return (
    <div className="evaluation-progress" role="status">
      <span>{isStopping ? "Stopping…" : text}</span>
      <Progress value={images === null ? 0 : (done / Math.max(1, images)) * 100} aria-label={`Progress: ${text}`} />
      <span className="dimmed">{left === null ? "" : `${formatDuration(left)} left`}</span>
    </div>
  );
}

interface ProblemsProps {
  readonly evaluation: Evaluation;
  readonly result: EvaluationResult | undefined;
  readonly error: Error | null;
}

function Problems({ evaluation, result, error }: ProblemsProps) {
  const { status, done, images, error: failure } = evaluation;
  const failures = result?.failures ?? [];
  const [first] = failures;
  const rest =
    images === null || done >= images ? "" : ` ${formatCount(done)} of ${countOf(images, "image")} are done and kept.`;
  const ended =
    status === "failed"
      ? { level: "error" as const, text: failure?.message ?? "The evaluation failed." }
      : status === "interrupted"
        ? { level: "warning" as const, text: failure?.message ?? "The program ended in the middle of it." }
        : status === "cancelled"
          ? { level: "info" as const, text: "Cancelled." }
          : null;
  if (ended === null && first === undefined && error === null) return null;
  return (
    <div className="evaluation-problems">
      {error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
      {ended !== null && (
        <Notice level={ended.level}>
          {ended.text}
          {rest} Resume goes on with the others.
        </Notice>
      )}
      {first !== undefined && (
        <Notice level="warning">
          {countOf(failures.length, "image")} without a result, left out of the figures. {first.message}
          {failures.length > 1 && ` And ${formatCount(failures.length - 1)} more.`}
        </Notice>
      )}
    </div>
  );
}

function Against({ evaluation, compared }: { readonly evaluation: Evaluation; readonly compared: Compared }) {
  const { candidates, other } = compared;
  return (
    <div className="evaluation-against">
      <span className="dimmed">compared with</span>
      <Select
        aria-label="Compared with"
        w={320}
        allowDeselect={false}
        disabled={candidates.length === 0}
        value={other?.id ?? "none"}
        data={[
          { value: "none", label: candidates.length === 0 ? "no other on these images" : "nothing" },
          ...candidates.map((candidate) => ({
            value: candidate.id,
            label: labelAmong(candidate, candidates),
          })),
        ]}
        onChange={(value) => {
          const chosen = candidates.find(({ id }) => id === value);
          useEvaluateView.setState(({ against }) => ({
            against: { ...against, [evaluation.id]: chosen?.id ?? "none" },
          }));
        }}
      />
    </div>
  );
}

/** Its name and figure; where another has the same name, when it was made. */
function labelAmong(evaluation: Evaluation, all: readonly Evaluation[]): string {
  const name = evaluationName(evaluation);
  const isAlone = all.filter((other) => evaluationName(other) === name).length === 1;
  const when = isAlone ? "" : ` · ${formatDate(evaluation.createdAt, Date.now())}`;
  return `${name} · ${formatShare(evaluation.miou)}${when}`;
}
