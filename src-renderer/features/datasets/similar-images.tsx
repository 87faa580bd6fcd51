// The most similar images by the network's own features: computed when asked for, then the grid is ordered by them.
import { Button, Progress, Select } from "@mantine/core";
import { IconPhotoSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { EmbeddingKey } from "../../../src-shared/contract/workbench/embeddings.ts";
import { countOf, formatCount, shortName } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { changeImageList, imageListOf } from "../../state/image-list.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { sentenceOf, tellFailure } from "../../state/tell.ts";
import { selectNone } from "./use-grid-input.ts";

export function SimilarImages({ item }: { readonly item: ImageItem }) {
  const open = useNavigation((state) => state.checkpointId);
  const [chosen, setChosen] = useState<string | null>(null);
  const checkpoints = (useQuery(queries.checkpoints()).data ?? []).filter(
    ({ problem, isAvailable }) => problem === null && isAvailable,
  );
  const checkpoint =
    checkpoints.find(({ id }) => id === chosen) ?? checkpoints.find(({ id }) => id === open) ?? checkpoints[0];
  return (
    <>
      <h3>Similar images</h3>
      {checkpoint === undefined ? (
        <p className="dimmed">
          Images are compared by what a network sees in them. Open a checkpoint that can be run, then come back here.
        </p>
      ) : (
        <>
          {checkpoints.length > 1 && (
            <Select
              aria-label="By the features of"
              allowDeselect={false}
              data={checkpoints.map(({ id, name }) => ({ value: id, label: name }))}
              value={checkpoint.id}
              onChange={setChosen}
            />
          )}
          <BySight
            item={item}
            embedding={{ datasetId: item.datasetId, checkpointId: checkpoint.id }}
            name={checkpoint.name}
          />
        </>
      )}
    </>
  );
}

interface BySightProps {
  readonly item: ImageItem;
  readonly embedding: EmbeddingKey;
  readonly name: string;
}

function BySight({ item, embedding, name }: BySightProps) {
  const { data: state, error } = useQuery(queries.embeddings(embedding));
  if (error !== null) return <Notice level="error">{sentenceOf(error)}</Notice>;
  if (state === undefined) return null;
  const { isRunning, embedded, images, failed, problem } = state;
  if (isRunning) {
    return (
      <>
        <p className="dimmed">
          Looking at the images with {name}: {formatCount(embedded)} of {countOf(images, "image")}
        </p>
        <Progress value={(embedded / Math.max(1, images)) * 100} aria-label="Images looked at" size={4} />
        <Button variant="default" onClick={() => void cancel(embedding)}>
          Stop
        </Button>
      </>
    );
  }
  const missing = images - embedded;
  return (
    <>
      {problem !== null && <Notice level="error">{problem}</Notice>}
      <Button
        variant="default"
        disabled={embedded === 0}
        leftSection={<IconPhotoSearch size={16} stroke={1.7} aria-hidden="true" />}
        onClick={() => showSimilar(item, embedding)}
      >
        Most similar first
      </Button>
      {missing > 0 && (
        <>
          <p className="dimmed">
            {embedded === 0
              ? `${name} has not looked at these images yet.`
              : `${countOf(missing, "image")} not looked at yet${failed > 0 ? `, ${formatCount(failed)} can't be read` : ""}.`}
          </p>
          <Button variant="default" onClick={() => void start(embedding)}>
            Look at {countOf(missing, "image")}
          </Button>
        </>
      )}
    </>
  );
}

/** The image leads the grid, then what is most like it. */
function showSimilar({ id, key, datasetId }: ImageItem, { checkpointId }: EmbeddingKey): void {
  changeImageList(datasetId, `sort by likeness to ${shortName(key)}`, {
    ...imageListOf(datasetId),
    sort: { by: "similarity", descending: true, similarTo: { imageId: id, checkpointId } },
  });
  selectNone();
}

async function start(embedding: EmbeddingKey): Promise<void> {
  try {
    const state = await api.embeddings.start.mutate(embedding);
    queryClient.setQueryData(queries.embeddings(embedding).queryKey, state);
  } catch (error) {
    tellFailure("The images were not looked at", error);
  }
}

async function cancel(embedding: EmbeddingKey): Promise<void> {
  try {
    await api.embeddings.cancel.mutate(embedding);
  } catch (error) {
    tellFailure("It was not stopped", error);
  }
}
