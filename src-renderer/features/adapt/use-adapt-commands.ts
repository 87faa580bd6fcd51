// Everything this screen can do, with its keys.
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { clearPins } from "../../panes/pins.ts";
import { changeForm } from "../../state/adapt-form.ts";
import { type Command, useCommands } from "../../state/commands.ts";
import { setDisplay, showAllClasses, useDisplay } from "../../state/display.ts";
import { hasEnded } from "../../state/event-to-cache.ts";
import { useNavigation } from "../../state/navigation.ts";
import { startParameters, withParameters } from "../../state/recipe.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { cancelRun } from "../../state/stop-job.ts";
import { type PaneLayout, useAdaptView, withLayout, withSource } from "./adapt-view.ts";
import { improvementsOf } from "./improvements.ts";
import { fitPanes, toggleLink } from "./pane-actions.ts";
import { PANE_SOURCES, SOURCE_TITLES } from "./pane-sources.ts";
import { goToFirst, goToNewest, step, togglePlay } from "./scrubber.tsx";
import { startRun } from "./start-run.ts";
import { goToImage, type Neighbours } from "./use-neighbours.ts";
import { openViews } from "./views-dialog.tsx";

interface Shown {
  readonly image: ImageItem | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly run: Run | null;
  readonly neighbours: Neighbours;
}

export function useAdaptCommands({ image, checkpoint, run, neighbours }: Shown): void {
  const isActive = run !== null && !hasEnded(run.status);
  const hasStops = (run?.kept.length ?? 0) > 1;
  useCommands([
    {
      id: "adapt.run",
      title: "Run",
      group: "Adapt",
      keys: "mod+enter",
      isEnabled: () => !isActive && image !== undefined && checkpoint?.problem === null,
      run: () => void startRun(image?.id ?? null, checkpoint?.id ?? null),
    },
    {
      id: "adapt.cancel",
      title: "Cancel the run",
      group: "Adapt",
      keys: "escape",
      isEnabled: () => isActive,
      run: () => run !== null && void cancelRun(run.id),
    },
    {
      id: "adapt.recommended",
      title: "Recipe: recommended by the checkpoint",
      group: "Adapt",
      isEnabled: () => checkpoint?.recommended != null,
      run: () => changeForm("the recommended recipe", (form) => withParameters(form, startParameters(checkpoint))),
    },
    {
      id: "adapt.resetForm",
      title: "Reset to the published recipe",
      group: "Adapt",
      run: () => changeForm("the published recipe", (form) => withParameters(form, PUBLISHED_PARAMETERS)),
    },
    ...(["predict", "tta", "adapt"] as const).map(
      (method): Command => ({
        id: `adapt.method.${method}`,
        title: `Method: ${METHOD_TITLES[method]}`,
        group: "Adapt",
        run: () => changeForm(`method ${METHOD_TITLES[method]}`, (config) => ({ ...config, method })),
      }),
    ),
    { id: "adapt.views", title: "Show the views", group: "Adapt", keys: "v", run: openViews },
    {
      id: "adapt.openHistory",
      title: "Show the history of runs",
      group: "Adapt",
      run: () => useNavigation.getState().go({ screen: "runs" }),
    },
    ...(run === null || isActive ? [] : improvementsOf(run, checkpoint)).map(
      ({ id, title, run: start }): Command => ({ id: `adapt.${id}`, title, group: "Adapt", run: start }),
    ),
    ...imageCommands(neighbours),
    ...scrubCommands(run, hasStops),
    ...PANE_COMMANDS,
  ]);
}

function imageCommands({ ids, place }: Neighbours): readonly Command[] {
  return [
    {
      id: "adapt.nextImage",
      title: "Next image",
      group: "Adapt",
      keys: "]",
      repeats: true,
      isEnabled: () => place >= 0 && place < ids.length - 1,
      run: () => goToImage(ids[place + 1]),
    },
    {
      id: "adapt.previousImage",
      title: "Previous image",
      group: "Adapt",
      keys: "[",
      repeats: true,
      isEnabled: () => place > 0,
      run: () => goToImage(ids[place - 1]),
    },
  ];
}

function scrubCommands(run: Run | null, hasStops: boolean): readonly Command[] {
  const isEnabled = (): boolean => hasStops;
  const group = "Iterations";
  return [
    {
      id: "scrub.back",
      title: "Iteration before",
      group,
      keys: "comma",
      repeats: true,
      isEnabled,
      run: () => step(run, -1),
    },
    {
      id: "scrub.forward",
      title: "Iteration after",
      group,
      keys: ".",
      repeats: true,
      isEnabled,
      run: () => step(run, 1),
    },
    { id: "scrub.first", title: "Unadapted prediction", group, keys: "home", isEnabled, run: () => goToFirst(run) },
    { id: "scrub.newest", title: "Newest prediction", group, keys: "end", isEnabled, run: goToNewest },
    { id: "scrub.play", title: "Play or pause", group, keys: "space", isEnabled, run: togglePlay },
  ];
}

const LAYOUT_KEYS: readonly { layout: PaneLayout; title: string; keys: string }[] = [
  { layout: "one", title: "One pane", keys: "1" },
  { layout: "two", title: "Two panes", keys: "2" },
  { layout: "split", title: "Divider between two pictures", keys: "3" },
  { layout: "four", title: "Four panes", keys: "4" },
];

const OPACITY_STEP = 0.1;

const PANE_COMMANDS: readonly Command[] = [
  ...LAYOUT_KEYS.map(
    ({ layout, title, keys }): Command => ({
      id: `panes.${layout}`,
      title,
      group: "Panes",
      keys,
      run: () => useAdaptView.setState((view) => withLayout(view, layout)),
    }),
  ),
  {
    id: "panes.blink",
    title: "Show before and after in turn, while held",
    group: "Panes",
    keys: "b",
    run: () => useAdaptView.setState({ isBlinking: true }),
    release: () => useAdaptView.setState({ isBlinking: false }),
  },
  { id: "panes.link", title: "Link or unlink the panes", group: "Panes", keys: "l", run: toggleLink },
  { id: "panes.fit", title: "Show all of the image", group: "Panes", keys: "f", run: fitPanes },
  ...PANE_SOURCES.map(
    (source): Command => ({
      id: `panes.source.${source}`,
      title: `Show in the active pane: ${SOURCE_TITLES[source]}`,
      group: "Panes",
      run: () => useAdaptView.setState((view) => withSource(view, view.activePane, source)),
    }),
  ),
  {
    id: "panes.clearPins",
    title: "Remove all pins",
    group: "Panes",
    run: clearPins,
  },
  {
    id: "display.outline",
    title: "Draw outlines or areas",
    group: "Display",
    keys: "o",
    run: () => setDisplay({ outline: !useDisplay.getState().outline }),
  },
  {
    id: "display.palette",
    title: "Switch the palette",
    group: "Display",
    keys: "p",
    run: () =>
      setDisplay({
        palette: useDisplay.getState().palette === "cityscapes" ? "color-blind-safe" : "cityscapes",
      }),
  },
  {
    id: "display.patterns",
    title: "Patterns on the classes, or none",
    group: "Display",
    keys: "shift+p",
    run: () => setDisplay({ hasPatterns: !useDisplay.getState().hasPatterns }),
  },
  {
    id: "display.moreOpaque",
    title: "More opaque",
    group: "Display",
    keys: "shift+up",
    repeats: true,
    run: () => setDisplay({ opacity: Math.min(1, useDisplay.getState().opacity + OPACITY_STEP) }),
  },
  {
    id: "display.lessOpaque",
    title: "Less opaque",
    group: "Display",
    keys: "shift+down",
    repeats: true,
    run: () => setDisplay({ opacity: Math.max(0, useDisplay.getState().opacity - OPACITY_STEP) }),
  },
  { id: "display.showAll", title: "Show all classes", group: "Display", run: showAllClasses },
];
