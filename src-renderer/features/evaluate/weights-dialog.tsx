// DA-SAC's importance weights of the images that were evaluated: counted, downloaded, trained by.

import { Button, Group, Modal, SegmentedControl } from "@mantine/core";
import { IconArrowRight, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import {
  type Evaluation,
  WEIGHTS_FORMS,
  type WeightsForm,
} from "../../../src-shared/contract/workbench/evaluations.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { countOf, formatBytes } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { sentenceOf } from "../../state/tell.ts";
import { openTrainingBy } from "../../state/training-to-open.ts";

interface WeightsDialogProps {
  readonly evaluation: Evaluation;
  readonly onClose: () => void;
}

const FORM_WORDS: Readonly<Record<WeightsForm, string>> = {
  data: ".data, as the original program",
  json: ".json, text",
};

export function WeightsDialog({ evaluation, onClose }: WeightsDialogProps) {
  const { id, checkpointId, datasetId, split } = evaluation;
  const modelClasses = labelSetOf(evaluation);
  const [form, setForm] = useState<WeightsForm>("data");
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const writing = useMutation({
    mutationFn: (wanted: WeightsForm) => {
      stop.current = new AbortController();
      return api.evaluations.writeWeights.mutate({ id, form: wanted }, { signal: stop.current.signal });
    },
  });
  const written = writing.isSuccess && writing.variables === form ? writing.data : null;
  const failure = writing.variables === form ? writing.error : null;
  const train = (importanceWeights: string) => {
    onClose();
    openTrainingBy({ checkpointId, datasetId, split, importanceWeights });
  };
  return (
    <Modal opened onClose={onClose} title="Importance weights" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <p className="dimmed">
        How much of each class, as this checkpoint predicts it, lies in which image. DA-SAC draws its target images by
        that, so that rare classes come up as often as others.
      </p>
      <SegmentedControl
        fullWidth
        aria-label="Form of the file"
        value={form}
        disabled={writing.isPending}
        onChange={(value) => setForm(WEIGHTS_FORMS.find((one) => one === value) ?? "data")}
        data={WEIGHTS_FORMS.map((value) => ({ value, label: FORM_WORDS[value] }))}
      />
      {failure !== null && <Notice level="error">{sentenceOf(failure)}</Notice>}
      {written !== null && <p>Counted over {countOf(written.images, "image")}.</p>}
      {written !== null && written.unseen.length > 0 && (
        <Notice level="warning">
          Predicted nowhere: {namesOf(written.unseen, modelClasses)}. The consistency step has to ignore{" "}
          {written.unseen.length === 1 ? "it" : "them"}.
        </Notice>
      )}
      <Group justify="flex-end" gap="sm" mt="md">
        <Button variant="default" onClick={onClose}>
          {writing.isPending ? "Cancel" : "Close"}
        </Button>
        {written === null ? (
          <Button loading={writing.isPending} onClick={() => writing.mutate(form)}>
            Count and write
          </Button>
        ) : (
          <>
            <Button
              component="a"
              variant="default"
              href={routes.importanceWeights(id, form)}
              download={`importance-weights.${form}`}
              leftSection={<IconDownload size={16} aria-hidden="true" />}
            >
              Download, {formatBytes(written.sizeBytes)}
            </Button>
            <Button leftSection={<IconArrowRight size={16} aria-hidden="true" />} onClick={() => train(written.path)}>
              Train by them
            </Button>
          </>
        )}
      </Group>
    </Modal>
  );
}

function namesOf(trainIds: readonly number[], modelClasses: LabelSet): string {
  const { names } = modelClasses;
  return trainIds.map((id) => names[id] ?? `class ${id}`).join(", ");
}
