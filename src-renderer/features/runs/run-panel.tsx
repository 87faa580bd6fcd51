// Everything about one run: what came out, every parameter, what is needed to get it again, notes.
import { Button, Textarea } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconCopy,
  IconDownload,
  IconPlayerStop,
  IconTerminal2,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { Provenance, Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { type Fact, Facts } from "../../components/facts.tsx";
import { formatDuration, formatShare, formatSize, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { Sparkline } from "../../components/sparkline.tsx";
import { useExportDialog } from "../../state/export-dialog.ts";
import { queries } from "../../state/queries.ts";
import { durationOf, formatDate, gainOf, isActive, METHOD_TITLES, miouFrom } from "../../state/run-words.ts";
import { cancelRun } from "../../state/stop-job.ts";
import { sentenceOf, tell, tellFailure } from "../../state/tell.ts";
import { copyCommand, deleteRuns, openInAdapt, saveNotes } from "./run-actions.ts";
import "./run-panel.css";
import { parameterRows } from "./run-parameters.ts";
import { RunningBar, StatusMark } from "./run-status.tsx";

export function RunPanel({ run }: { readonly run: RunSummary }) {
  const { data: whole, error } = useQuery(queries.run(run.id));
  const duration = durationOf(run);
  return (
    <>
      <header className="run-panel-head">
        <img src={routes.thumbnail(run.image.id)} alt="" draggable={false} />
        <div className="run-panel-titles">
          <h2 title={run.image.key}>{shortName(run.image.key)}</h2>
          <p className="dimmed">
            {METHOD_TITLES[run.method]} with {run.checkpoint.name}
          </p>
          <p className="dimmed run-panel-status">
            <StatusMark status={run.status} />
            {duration !== null && <span>in {formatDuration(duration)}</span>}
            <span>· {formatDate(run.createdAt, Date.now())}</span>
          </p>
        </div>
      </header>
      {run.status === "running" && <RunningBar run={run} />}
      {run.error !== null && <Notice level={run.status === "cancelled" ? "info" : "error"}>{run.error.message}</Notice>}
      <Actions run={run} />
      {error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
      <Outcome run={run} whole={whole} />
      <Notes key={run.id} run={run} />
      <Section title="Parameters" hint="A dot marks what differs from the published recipe.">
        <Facts
          facts={parameterRows(run.config).map(({ name, value, isChanged }) => ({
            name,
            value: changed(value, isChanged),
          }))}
        />
      </Section>
      {whole !== undefined && <Origin whole={whole} />}
    </>
  );
}

function changed(value: string, isChanged: boolean): ReactNode {
  if (!isChanged) return value;
  return (
    <span className="run-panel-changed">
      {value}
      <span className="run-panel-dot" role="img" aria-label="not as in the published recipe" />
    </span>
  );
}

function Actions({ run }: { readonly run: RunSummary }) {
  const active = isActive(run.status);
  return (
    <div className="run-panel-actions">
      <Button
        leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.7} aria-hidden="true" />}
        onClick={() => openInAdapt(run)}
      >
        Open in Adapt
      </Button>
      <span className="run-panel-icons">
        <IconButton label="Copy as command" onClick={() => void copyCommand(run.id)}>
          <IconTerminal2 size={17} stroke={1.7} />
        </IconButton>
        <IconButton
          label="Export…"
          disabled={run.status !== "finished"}
          onClick={() => useExportDialog.getState().open([run.id])}
        >
          <IconDownload size={17} stroke={1.7} />
        </IconButton>
        {active ? (
          <IconButton label="Cancel the run" onClick={() => void cancelRun(run.id)}>
            <IconPlayerStop size={17} stroke={1.7} />
          </IconButton>
        ) : (
          <IconButton label="Delete" onClick={() => deleteRuns([run])}>
            <IconTrash size={17} stroke={1.7} />
          </IconButton>
        )}
      </span>
    </div>
  );
}

function Outcome({ run, whole }: { readonly run: RunSummary; readonly whole: Run | undefined }) {
  const last = whole?.kept.at(-1);
  const hasScores = run.miouBefore !== null || run.miouAfter !== null;
  const losses = whole?.losses ?? [];
  return (
    <>
      <div className="run-panel-figures">
        {hasScores && (
          <Figure title="Mean IoU" detail={run.method === "predict" ? null : `from ${formatShare(miouFrom(run))}`}>
            {formatShare(run.miouAfter)} {run.method !== "predict" && <GainText gain={gainOf(run)} />}
          </Figure>
        )}
        {last !== undefined && (
          <Figure title="Entropy" detail={changeFrom(whole?.kept[0]?.meanEntropy, last.meanEntropy)}>
            {formatShare(last.meanEntropy)}
          </Figure>
        )}
        {last !== undefined && (
          <Figure title="Confidence" detail={changeFrom(whole?.kept[0]?.meanConfidence, last.meanConfidence)}>
            {formatShare(last.meanConfidence)}
          </Figure>
        )}
        {last?.figures?.overlapAgreement != null && (
          <Figure title="Windows agree" detail="where they overlap">
            {formatShare(last.figures.overlapAgreement)}
          </Figure>
        )}
      </div>
      {losses.length > 0 && (
        <div className="run-panel-loss">
          <span className="dimmed">Loss</span>
          <Sparkline values={losses} width={180} height={36} label={`Loss over ${losses.length} iterations`} />
          <span>{losses.at(-1)?.toPrecision(3)}</span>
        </div>
      )}
    </>
  );
}

function changeFrom(first: number | undefined, last: number): string | null {
  return first === undefined || first === last ? null : `from ${formatShare(first)}`;
}

interface FigureProps {
  readonly title: string;
  readonly detail: string | null;
  readonly children: ReactNode;
}

function Figure({ title, detail, children }: FigureProps) {
  return (
    <div className="run-panel-figure">
      <span className="dimmed">{title}</span>
      <strong>{children}</strong>
      <span className="dimmed">{detail}</span>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Section({ title, hint, children }: SectionProps) {
  return (
    <section className="run-panel-section">
      <h3 title={hint}>{title}</h3>
      {children}
    </section>
  );
}

/** Saved when the field is left, and when another run is shown. */
function Notes({ run }: { readonly run: RunSummary }) {
  const [typed, setTyped] = useState(run.notes);
  const latest = useRef({ typed, saved: run.notes });
  latest.current = { typed, saved: run.notes };
  const save = () => {
    const { typed: text, saved } = latest.current;
    if (text !== saved) void saveNotes(run.id, text);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is not saved when the panel goes is saved then
  useEffect(() => save, []);
  return (
    <Textarea
      className="run-panel-notes"
      aria-label="Notes"
      placeholder="Notes"
      autosize
      minRows={1}
      maxRows={8}
      maxLength={10_000}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
    />
  );
}

function Origin({ whole }: { readonly whole: Run }) {
  const { provenance, machine, size } = whole;
  const asked = `${machine.runtime}, ${machine.provider}`;
  const facts: Fact[] = [
    ...(size === null ? [] : [{ name: "Image", value: `${formatSize(size)} pixels` }]),
    ...(provenance === null ? [{ name: "Asked for", value: asked }] : provenanceFacts(provenance)),
    { name: "Predictions kept", value: String(whole.kept.length) },
    { name: "Run", value: <code>{whole.id}</code> },
  ];
  return (
    <Section title="How it was made">
      <Facts facts={facts} />
    </Section>
  );
}

function provenanceFacts({
  acclimate,
  runtime,
  provider,
  threads,
  machine,
  checkpointSha256,
  imageSha256,
}: Provenance): Fact[] {
  return [
    { name: "Acclimate", value: acclimate },
    { name: "Runtime", value: `${runtime}, ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}` },
    { name: "Machine", value: machine },
    { name: "Checkpoint SHA-256", value: <Hash value={checkpointSha256} /> },
    { name: "Image SHA-256", value: <Hash value={imageSha256} /> },
  ];
}

function Hash({ value }: { readonly value: string }) {
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => tell("Copied."),
      (error: unknown) => tellFailure("It was not copied", error),
    );
  return (
    <span className="run-panel-hash">
      <code title={value}>{value.slice(0, 16)}…</code>
      <IconButton label="Copy all of it" size={20} onClick={() => void copy()}>
        <IconCopy size={13} stroke={1.7} />
      </IconButton>
    </span>
  );
}
