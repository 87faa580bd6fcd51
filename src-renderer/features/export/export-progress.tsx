// An export that was started: how far it is, and its files when it is done.
import { Anchor, Button, Group, Progress } from "@mantine/core";
import { IconCircleCheck, IconDownload, IconFolderOpen } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Export } from "../../../src-shared/contract/workbench/exports.ts";
import type { ExportId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { countOf, formatBytes } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { desktop } from "../../state/desktop.ts";
import { sentenceOf, tellFailure } from "../../state/tell.ts";

interface ExportProgressProps {
  readonly id: ExportId;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

export function ExportProgress({ id, onAgain, onClose }: ExportProgressProps) {
  const { data, error } = useQuery({ queryKey: ["export", id], queryFn: () => api.exports.get.query({ id }) });
  if (error !== null && data === undefined) return <Notice level="error">{sentenceOf(error)}</Notice>;
  if (data === undefined) return <div className="skeleton export-skeleton" />;
  return (
    <div className="export-progress" aria-live="polite">
      <Outcome made={data} />
      {data.status === "finished" && <Files made={data} />}
      <Group justify="flex-end" gap="sm">
        {data.status === "running" && (
          <Button
            variant="default"
            onClick={() =>
              api.exports.cancel.mutate({ id }).catch((failure: unknown) => tellFailure("The export goes on", failure))
            }
          >
            Cancel the export
          </Button>
        )}
        {data.status !== "running" && (
          <Button variant="default" onClick={onAgain}>
            Export again
          </Button>
        )}
        <Button onClick={onClose}>{data.status === "running" ? "Go on in the background" : "Done"}</Button>
      </Group>
    </div>
  );
}

function Outcome({ made: { status, files, total, error, folder } }: { readonly made: Export }) {
  switch (status) {
    case "running":
      return (
        <div>
          <p className="export-line">
            Writing file {Math.min(files.length + 1, total)} of {total}
          </p>
          <Progress value={(files.length / Math.max(1, total)) * 100} aria-label="Progress of the export" size={6} />
        </div>
      );
    case "failed":
      return <Notice level="error">{error?.message ?? "The export failed."}</Notice>;
    case "cancelled":
      return <Notice level="info">Cancelled. {countOf(files.length, "file")} had been written and stay.</Notice>;
    case "finished":
      return (
        <p className="export-line export-done">
          <IconCircleCheck size={18} stroke={1.8} aria-hidden="true" />
          {countOf(files.length, "file")}, {formatBytes(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}
          {folder === null ? ", ready for download" : ", written and checked"}
        </p>
      );
    default:
      return status satisfies never;
  }
}

function Files({ made: { id, folder, files } }: { readonly made: Export }) {
  return (
    <>
      {folder === null ? (
        <Button
          component="a"
          href={routes.exportFile(id)}
          download
          leftSection={<IconDownload size={16} stroke={1.7} aria-hidden="true" />}
        >
          Download all as .zip
        </Button>
      ) : (
        <div className="export-where">
          <code title={folder}>{folder}</code>
          {desktop !== null && (
            <Button
              variant="default"
              leftSection={<IconFolderOpen size={16} stroke={1.7} aria-hidden="true" />}
              onClick={() =>
                desktop
                  ?.showInFolder(folder)
                  .catch((failure: unknown) => tellFailure("The folder was not opened", failure))
              }
            >
              Show in folder
            </Button>
          )}
        </div>
      )}
      <ul className="export-files">
        {files.map(({ name, sizeBytes }) => (
          <li key={name}>
            {folder === null ? (
              <Anchor href={routes.exportFile(id, name)} download fz="inherit" title={name}>
                {name}
              </Anchor>
            ) : (
              <span title={name}>{name}</span>
            )}
            <span className="dimmed">{formatBytes(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
