// What is written and where, with the plan of it as it would be now.
import { Button, Group, SegmentedControl, Select, Slider, TextInput } from "@mantine/core";
import { IconFolder } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { ExportFormat, ExportRequest } from "../../../src-shared/contract/workbench/exports.ts";
import type { ExportId } from "../../../src-shared/contract/workbench/ids.ts";
import { countOf, formatShare } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { choosePath } from "../../state/choose-path.ts";
import { useDisplay } from "../../state/display.ts";
import type { ExportTarget } from "../../state/export-dialog.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { sentenceOf } from "../../state/tell.ts";
import { usesOpacity, usesPalette } from "./export-formats.ts";
import { rememberExport, useExportMemory } from "./export-memory.ts";
import { ExportPlanList } from "./export-plan-list.tsx";
import { FormatList } from "./format-list.tsx";
import { commonIterations, planSummary } from "./plan-words.ts";
import { useExportPlan } from "./use-export-plan.ts";

interface ExportFormProps {
  readonly target: ExportTarget;
  readonly onStarted: (id: ExportId) => void;
  readonly onCancel: () => void;
}

/** Every run is asked for its kept iterations only while there are few: with many, the last of each is what is meant. */
const FEW_RUNS = 20;

type SendState = { readonly status: "editing" | "starting" } | { readonly status: "failed"; readonly error: unknown };

export function ExportForm({ target, onStarted, onCancel }: ExportFormProps) {
  const display = useDisplay();
  const memory = useExportMemory();
  const [formats, setFormats] = useState<ExportFormat[]>([...memory.formats]);
  const [iteration, setIteration] = useState(target.iteration);
  const [palette, setPalette] = useState(display.palette);
  const [opacity, setOpacity] = useState(display.opacity);
  const [isDownload, setDownload] = useState(memory.folder === null);
  const [folder, setFolder] = useState(memory.folder ?? "");
  const [state, setState] = useState<SendState>({ status: "editing" });
  const iterations = useCommonIterations(target);
  const request: ExportRequest = {
    runIds: [...target.runIds],
    formats,
    iteration,
    palette,
    overlayOpacity: opacity,
    folder: isDownload ? null : folder,
  };
  const isComplete = formats.length > 0 && (isDownload || folder !== "");
  const { plan, error, isStale } = useExportPlan(isComplete ? request : null);
  const { files, replaced } = planSummary(plan ?? { files: [] });
  const canStart = isComplete && plan !== undefined && !isStale && plan.problems.length === 0 && files > 0;

  const start = async () => {
    if (!canStart) return;
    setState({ status: "starting" });
    try {
      const started = await startOrAsk((isForced) => api.exports.start.mutate({ ...request, isForced }));
      if (started === null) {
        setState({ status: "editing" });
        return;
      }
      queryClient.setQueryData(["export", started.id], (known: unknown) => known ?? started);
      rememberExport({ formats, folder: isDownload ? null : folder });
      onStarted(started.id);
    } catch (failure) {
      setState({ status: "failed", error: failure });
    }
  };

  const chooseFolder = async () => {
    const chosen = await choosePath("exportFolder");
    if (chosen !== null) setFolder(chosen);
  };

  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <FormatList chosen={formats} onChange={setFormats} />
      <div className="export-side">
        <div className="export-options">
          {iterations.length > 1 && (
            <Select
              label="Prediction"
              allowDeselect={false}
              data={[
                { value: "last", label: "The last of each run" },
                ...iterations.map((at) => ({
                  value: String(at),
                  label: at === 0 ? "Before adaptation" : `After iteration ${at}`,
                })),
              ]}
              value={iteration === null ? "last" : String(iteration)}
              onChange={(value) => setIteration(value === null || value === "last" ? null : Number(value))}
            />
          )}
          {usesPalette(formats) && (
            <div>
              <span className="export-label">Palette</span>
              <SegmentedControl
                fullWidth
                aria-label="Palette"
                data={[
                  { value: "cityscapes", label: "Cityscapes" },
                  { value: "color-blind-safe", label: "Colour-blind safe" },
                ]}
                value={palette}
                onChange={(value) => setPalette(value === "cityscapes" ? "cityscapes" : "color-blind-safe")}
              />
            </div>
          )}
          {usesOpacity(formats) && (
            <div>
              <span className="export-label">
                Opacity of the overlay <span className="dimmed">{formatShare(opacity).replace(".0 %", " %")}</span>
              </span>
              <Slider
                thumbLabel="Opacity of the overlay"
                label={null}
                min={0}
                max={1}
                step={0.05}
                value={opacity}
                onChange={setOpacity}
              />
            </div>
          )}
          <div>
            <span className="export-label">Where to</span>
            <SegmentedControl
              fullWidth
              aria-label="Where to"
              data={[
                { value: "folder", label: "A folder" },
                { value: "download", label: "Download" },
              ]}
              value={isDownload ? "download" : "folder"}
              onChange={(value) => setDownload(value === "download")}
            />
          </div>
          {isDownload ? (
            <p className="dimmed export-hint">Made in the workspace, then offered here, one by one or as a .zip.</p>
          ) : (
            <Group gap={4} wrap="nowrap">
              <TextInput
                className="export-folder"
                aria-label="Folder"
                placeholder="/path/of/a/folder, made if it is not there"
                spellCheck={false}
                value={folder}
                onChange={(event) => setFolder(event.currentTarget.value)}
              />
              <IconButton label="Choose a folder" variant="default" size={30} onClick={() => void chooseFolder()}>
                <IconFolder size={16} stroke={1.7} />
              </IconButton>
            </Group>
          )}
        </div>
        <ExportPlanList plan={plan} isStale={isStale} isComplete={isComplete} hasFormats={formats.length > 0} />
        {error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
        {state.status === "failed" && <Notice level="error">{sentenceOf(state.error)}</Notice>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" disabled={!canStart} loading={state.status === "starting"}>
            {replaced > 0 ? `Write ${countOf(files, "file")}, replace ${replaced}` : `Write ${countOf(files, "file")}`}
          </Button>
        </Group>
      </div>
    </form>
  );
}

function useCommonIterations({ runIds }: ExportTarget): readonly number[] {
  return useQueries({
    queries: runIds.length <= FEW_RUNS ? runIds.map((id) => queries.run(id)) : [],
    combine: (results) =>
      results.some(({ data }) => data === undefined)
        ? NONE
        : commonIterations(results.flatMap(({ data }) => data ?? [])),
  });
}

const NONE: readonly number[] = [];
