// The archive for a benchmark's server: what would be in it and what the server would refuse, then written and downloaded.
import { Button, Group, Modal, SegmentedControl } from "@mantine/core";
import { IconDownload, IconFileZip } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import {
  BENCHMARK_IDS,
  type BenchmarkId,
  type Evaluation,
  type SubmissionPlan,
} from "../../../src-shared/contract/workbench/evaluations.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { countOf, formatBytes } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { BENCHMARK_WORDS, likelyBenchmark } from "./submission-words.ts";
import "./submission-dialog.css";

interface SubmissionDialogProps {
  readonly evaluation: Evaluation;
  readonly layout: string | undefined;
  readonly onClose: () => void;
}

/** More names than these are read by nobody. */
const SHOWN = 6;

export function SubmissionDialog({ evaluation: { id }, layout, onClose }: SubmissionDialogProps) {
  const [benchmark, setBenchmark] = useState<BenchmarkId>(likelyBenchmark(layout));
  const plan = useQuery(queries.submissionPlan(id, benchmark));
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const writing = useMutation({
    mutationFn: (wanted: BenchmarkId) => {
      stop.current = new AbortController();
      return api.evaluations.writeSubmission.mutate({ id, benchmark: wanted }, { signal: stop.current.signal });
    },
  });
  const written = writing.isSuccess && writing.variables === benchmark ? writing.data : null;
  const failure = writing.variables === benchmark ? writing.error : null;
  const canWrite = plan.data !== undefined && plan.data.problems.length === 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Submission to a benchmark"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <SegmentedControl
        fullWidth
        aria-label="Benchmark"
        value={benchmark}
        disabled={writing.isPending}
        onChange={(value) => setBenchmark(BENCHMARK_IDS.find((one) => one === value) ?? "cityscapes")}
        data={BENCHMARK_IDS.map((value) => ({ value, label: BENCHMARK_WORDS[value].name }))}
      />
      <p className="dimmed">{BENCHMARK_WORDS[benchmark].wants}</p>
      {plan.error !== null && <Notice level="error">{sentenceOf(plan.error)}</Notice>}
      {plan.data === undefined && plan.error === null && <div className="submission-skeleton skeleton" />}
      {plan.data !== undefined && <Plan plan={plan.data} />}
      {failure !== null && <Notice level="error">{sentenceOf(failure)}</Notice>}
      <Group justify="flex-end" gap="sm" mt="md">
        <Button variant="default" onClick={onClose}>
          {writing.isPending ? "Cancel" : "Close"}
        </Button>
        {written === null ? (
          <Button
            disabled={!canWrite}
            loading={writing.isPending}
            leftSection={<IconFileZip size={16} aria-hidden="true" />}
            onClick={() => writing.mutate(benchmark)}
          >
            Check the ids and write it
          </Button>
        ) : (
          <Button
            component="a"
            href={routes.submission(id, benchmark)}
            download={`submission-${benchmark}.zip`}
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            Download {countOf(written.files, "file")}, {formatBytes(written.sizeBytes)}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

function Plan({ plan: { files, problems } }: { readonly plan: SubmissionPlan }) {
  if (problems.length > 0) {
    return (
      <Notice level="warning">
        The server would refuse this, so nothing is written:
        <ul className="submission-list">
          {problems.slice(0, SHOWN).map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
          {problems.length > SHOWN && <li>and {countOf(problems.length - SHOWN, "more problem")}</li>}
        </ul>
      </Notice>
    );
  }
  return (
    <>
      <p>{countOf(files.length, "file")}, all names and sizes as the server wants them:</p>
      <ul className="submission-list mono">
        {files.slice(0, SHOWN).map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
        {files.length > SHOWN && <li>and {countOf(files.length - SHOWN, "more file")}</li>}
      </ul>
    </>
  );
}
