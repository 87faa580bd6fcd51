// Keeps the form of runs in step with the chosen checkpoint, whichever screen it was chosen on.
import { useEffect } from "react";
import { followCheckpoint } from "../state/adapt-form.ts";
import { useCheckpoint } from "../state/entities.ts";
import { useNavigation } from "../state/navigation.ts";

export function useFollowedCheckpoint(): void {
  const checkpoint = useCheckpoint(useNavigation((state) => state.checkpointId));
  useEffect(() => {
    if (checkpoint !== undefined) followCheckpoint(checkpoint);
  }, [checkpoint]);
}
