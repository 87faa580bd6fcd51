// Chooses image and checkpoint where nothing is chosen, so that the first click can be "Run".
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../state/api.ts";
import { firstCheckpoint, firstDataset, firstImage } from "../../state/first-choice.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";

/** Enough of the sample to see every weather; of another dataset only the first image counts. */
const LOOKED_AT = 200;

export function useFirstChoice(): void {
  const { imageId, runId, checkpointId, datasetId, go } = useNavigation();
  const { data: datasets } = useQuery(queries.datasets());
  const { data: checkpoints } = useQuery(queries.checkpoints());
  const chosen = datasets?.find(({ id }) => id === datasetId) ?? (datasets ? firstDataset(datasets) : null);
  const isOpen = imageId === null && runId === null;
  const { data: page } = useQuery({
    queryKey: ["images", chosen?.id, "first"],
    queryFn: async () =>
      chosen == null ? null : api.datasets.images.query({ datasetId: chosen.id, limit: LOOKED_AT }),
    enabled: isOpen && chosen != null,
  });

  useEffect(() => {
    const image = isOpen && page != null ? firstImage(page.items) : null;
    if (image !== null) go({ imageId: image.id, datasetId: image.datasetId });
  }, [isOpen, page, go]);

  useEffect(() => {
    if (checkpointId !== null || runId !== null || checkpoints === undefined) return;
    const checkpoint = firstCheckpoint(checkpoints);
    if (checkpoint !== null) go({ checkpointId: checkpoint.id });
  }, [checkpointId, runId, checkpoints, go]);
}
