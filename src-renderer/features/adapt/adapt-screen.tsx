// The heart: one image, its predictions in linked panes, the parameters, and what every iteration did.

import { Button } from "@mantine/core";
import { IconPhotoPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { shortName } from "../../components/format.ts";
import { classesOfCheckpoint } from "../../state/checkpoint-classes.ts";
import { useCheckpoint, useImage } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForDataset } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { usePhoto } from "../../state/use-picture.ts";
import "./adapt-screen.css";
import "./figures.css";
import { panesOf, useAdaptView } from "./adapt-view.ts";
import { ClassPanel } from "./class-panel.tsx";
import { ControlsPanel } from "./controls-panel.tsx";
import { CurvePanel } from "./curve-chart.tsx";
import { FilmStrip } from "./film-strip.tsx";
import { PaneGrid } from "./pane-grid.tsx";
import { RunStrip } from "./run-strip.tsx";
import { Scrubber } from "./scrubber.tsx";
import { useAdaptCommands } from "./use-adapt-commands.ts";
import { useFirstChoice } from "./use-first-choice.ts";
import { useNeighbours } from "./use-neighbours.ts";
import { usePaneContext } from "./use-pane-context.ts";
import { usePrefetch } from "./use-prefetch.ts";
import { useEarlierRuns, useNewestRun, useShownRun } from "./use-shown-run.ts";
import { VerdictBar } from "./verdict-bar.tsx";
import { ViewerToolbar } from "./viewer-toolbar.tsx";

export function AdaptScreen() {
  useFirstChoice();
  const imageId = useNavigation((state) => state.imageId);
  const checkpointId = useNavigation((state) => state.checkpointId);
  const image = useImage(imageId);
  const checkpoint = useCheckpoint(checkpointId);
  const { data: checkpoints = [] } = useQuery(queries.checkpoints());
  const { data: datasets } = useQuery(queries.datasets());
  const { run, problem: runProblem } = useShownRun();
  const runs = useNewestRun(imageId);
  const earlier = useEarlierRuns(runs, run?.id ?? null);
  const modelClasses = run === undefined || run === null ? classesOfCheckpoint(checkpoint) : labelSetOf(run.checkpoint);
  const context = usePaneContext(image, run, modelClasses, runs);
  const photo = usePhoto(imageId === null ? null : routes.photo(imageId));
  const neighbours = useNeighbours(image);
  const layout = useAdaptView((state) => state.layout);
  const sources = useAdaptView((state) => state.sources);
  usePrefetch(
    run,
    context,
    panesOf(layout === "split" ? "two" : layout).map((id) => sources[id]),
  );
  useAdaptCommands({ image, checkpoint, run, neighbours });

  if (datasets !== undefined && datasets.length === 0 && imageId === null) return <NothingOpen />;
  return (
    <div className="adapt">
      <h1 className="visually-hidden">Adapt {image === undefined ? "an image" : shortName(image.key)}</h1>
      <div className="adapt-main">
        <ViewerToolbar />
        <RunStrip runs={runs} shown={run?.id ?? null} />
        <VerdictBar run={run} checkpoint={checkpoint} />
        {context === null ? (
          <div className="panes-stage" />
        ) : (
          <PaneGrid
            context={context}
            photo={photo}
            size={photo.photo ?? run?.size ?? image?.size ?? null}
            runs={runs}
          />
        )}
        <Scrubber run={run} />
        <div className="adapt-figures">
          <CurvePanel run={run} earlier={earlier} hasLabels={image?.hasLabels ?? false} />
          {context !== null && <ClassPanel run={run} context={context} />}
        </div>
        <FilmStrip image={image} neighbours={neighbours} />
      </div>
      <ControlsPanel
        image={image}
        checkpoints={checkpoints}
        checkpoint={checkpoint}
        run={run}
        runProblem={runProblem}
      />
    </div>
  );
}

function NothingOpen() {
  return (
    <EmptyState
      icon={<IconPhotoPlus size={28} stroke={1.5} />}
      title="No image to adapt to"
      action={<Button onClick={() => void askForDataset()}>Open a folder of images</Button>}
    >
      <p>Open a folder of images the model was not trained on. Labels are used for figures when they are there.</p>
    </EmptyState>
  );
}
