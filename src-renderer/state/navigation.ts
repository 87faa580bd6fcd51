// Where the user is: the screen and what is open on it, kept in the address so that reload and back work.
import { create } from "zustand";
import {
  type CheckpointId,
  checkpointIdSchema,
  type DatasetId,
  datasetIdSchema,
  type EvaluationId,
  evaluationIdSchema,
  type ImageId,
  imageIdSchema,
  type RunId,
  runIdSchema,
  type TrainingId,
  trainingIdSchema,
} from "../../src-shared/contract/workbench/ids.ts";

export const SCREENS = [
  "datasets",
  "adapt",
  "compare",
  "evaluate",
  "runs",
  "checkpoints",
  "train",
  "stylize",
  "settings",
] as const;
export type Screen = (typeof SCREENS)[number];

export interface Place {
  readonly screen: Screen;
  readonly datasetId: DatasetId | null;
  readonly imageId: ImageId | null;
  readonly checkpointId: CheckpointId | null;
  readonly runId: RunId | null;
  readonly evaluationId: EvaluationId | null;
  readonly trainingId: TrainingId | null;
}

export const FIRST_PLACE: Place = {
  screen: "datasets",
  datasetId: null,
  imageId: null,
  checkpointId: null,
  runId: null,
  evaluationId: null,
  trainingId: null,
};

/** "#/adapt?image=…&checkpoint=…" */
export function hashFromPlace(place: Place): string {
  const { screen } = place;
  const named = {
    dataset: place.datasetId,
    image: place.imageId,
    checkpoint: place.checkpointId,
    run: place.runId,
    evaluation: place.evaluationId,
    training: place.trainingId,
  };
  const parameters = new URLSearchParams();
  for (const [name, id] of Object.entries(named)) {
    if (id !== null) parameters.set(name, id);
  }
  return parameters.size === 0 ? `#/${screen}` : `#/${screen}?${parameters}`;
}

/** Whatever makes no sense in the address is left out: an old or mistyped address still opens something. */
export function placeFromHash(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const parameters = new URLSearchParams(query);
  return {
    screen: SCREENS.find((screen) => screen === path) ?? FIRST_PLACE.screen,
    datasetId: datasetIdSchema.safeParse(parameters.get("dataset")).data ?? null,
    imageId: imageIdSchema.safeParse(parameters.get("image")).data ?? null,
    checkpointId: checkpointIdSchema.safeParse(parameters.get("checkpoint")).data ?? null,
    runId: runIdSchema.safeParse(parameters.get("run")).data ?? null,
    evaluationId: evaluationIdSchema.safeParse(parameters.get("evaluation")).data ?? null,
    trainingId: trainingIdSchema.safeParse(parameters.get("training")).data ?? null,
  };
}

/** Whether "back" should lead from the new place to the old one: stepping through images should not fill the history. */
export function isNewStop(from: Place, to: Place): boolean {
  return from.screen !== to.screen || from.datasetId !== to.datasetId;
}

interface Navigation extends Place {
  /** Changes what is named, keeps the rest. */
  readonly go: (change: Partial<Place>) => void;
}

export const useNavigation = create<Navigation>((set) => ({ ...FIRST_PLACE, go: (change) => set(change) }));

function placeOf({ screen, datasetId, imageId, checkpointId, runId, evaluationId, trainingId }: Place): Place {
  return { screen, datasetId, imageId, checkpointId, runId, evaluationId, trainingId };
}

/** Ties the store and the window's address together until the returned function is called. */
export function followAddress(): () => void {
  useNavigation.setState(placeFromHash(window.location.hash));
  window.history.replaceState(null, "", hashFromPlace(useNavigation.getState()));
  const onAddress = () => useNavigation.setState(placeFromHash(window.location.hash));
  const unsubscribe = useNavigation.subscribe((state, before) => {
    const hash = hashFromPlace(placeOf(state));
    if (hash === window.location.hash) return;
    if (isNewStop(before, state)) window.history.pushState(null, "", hash);
    else window.history.replaceState(null, "", hash);
  });
  window.addEventListener("popstate", onAddress);
  window.addEventListener("hashchange", onAddress);
  return () => {
    unsubscribe();
    window.removeEventListener("popstate", onAddress);
    window.removeEventListener("hashchange", onAddress);
  };
}
