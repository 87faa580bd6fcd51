// Two to four results on the same image, with what they differ in.

import { Button } from "@mantine/core";
import { IconColumns2 } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { CITYSCAPES_19 } from "../../../src-shared/labels/label-sets.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { type Command, useCommands } from "../../state/commands.ts";
import { useCompare } from "../../state/compare.ts";
import { setDisplay, useDisplay } from "../../state/display.ts";
import { changeImageList, imageListOf } from "../../state/image-list.ts";
import { useNavigation } from "../../state/navigation.ts";
import { sentenceOf } from "../../state/tell.ts";
import { resetViews } from "../../viewer/linked-views.ts";
import { useBlink } from "./blink.ts";
import { datasetClass } from "./class-differences.ts";
import { ClassPanel } from "./class-panel.tsx";
import { CompareStage } from "./compare-stage.tsx";
import { CompareToolbar } from "./compare-toolbar.tsx";
import { compareViews, fitPanes, toggleLink } from "./compare-views.ts";
import { addPane, setLayout } from "./pane-edits.ts";
import { type ShownPanes, useShownPanes } from "./use-shown-panes.ts";

interface OneImageProps {
  readonly image: ImageItem | undefined;
}

export function OneImage({ image }: OneImageProps) {
  const imageId = image?.id ?? null;
  const shown = useShownPanes(imageId);
  const { panes, runs, isLoading, error } = shown;
  const lastFocused = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image is looked at from the start
  useEffect(() => compareViews.set(resetViews(compareViews.get())), [imageId]);
  const keys = panes.map(({ pane }) => pane.key);
  const link = () =>
    toggleLink(
      lastFocused.current !== null && keys.includes(lastFocused.current) ? lastFocused.current : (keys[0] ?? ""),
    );
  const fit = () => fitPanes(keys);
  const add = () =>
    addPane(
      panes.map(({ pane }) => pane),
      runs,
      image?.hasLabels === true,
    );
  usePaneCommands({ shown, link, fit, add });
  const chosenClass = useChosenClass(image, panes);

  if (error !== null && runs.length === 0) {
    return (
      <div className="compare-message">
        <Notice level="error">{sentenceOf(error)}</Notice>
      </div>
    );
  }
  if (!isLoading && image !== undefined && panes.length === 0) return <NoResults />;
  return (
    <>
      <div className="compare-middle">
        <CompareToolbar paneCount={panes.length} onAddPane={add} onToggleLink={link} onFit={fit} onLayout={setLayout} />
        {isLoading || image === undefined ? (
          <div className="compare-skeleton skeleton" />
        ) : (
          <CompareStage
            image={image}
            panes={panes}
            runs={runs}
            onFocus={(key) => {
              lastFocused.current = key;
            }}
          />
        )}
      </div>
      <ClassPanel
        image={image}
        panes={panes}
        chosenClass={chosenClass}
        onPickClass={(trainId, modelClasses, name) =>
          image !== undefined && filterByClass(image, datasetClass(trainId, modelClasses), name)
        }
      />
    </>
  );
}

function NoResults() {
  const go = useNavigation((state) => state.go);
  return (
    <EmptyState
      icon={<IconColumns2 size={28} stroke={1.5} />}
      title="No results on this image yet"
      action={<Button onClick={() => go({ screen: "adapt" })}>Open it in Adapt</Button>}
    >
      Results of runs are compared here: before with after, one checkpoint with another, one setting with the next.
    </EmptyState>
  );
}

/** Narrows the list of images to those with the class, or widens it again. */
function filterByClass({ datasetId }: ImageItem, trainId: number, name: string): void {
  const list = imageListOf(datasetId);
  const isOn = list.filter.classes.length === 1 && list.filter.classes[0] === trainId;
  const classes = isOn ? [] : [trainId];
  changeImageList(datasetId, isOn ? "show all classes' images" : `show images with ${name}`, {
    ...list,
    filter: { ...list.filter, classes },
  });
  useCompare.setState({ order: "dataset" });
}

/** The class the list is narrowed to, as the model counts it. */
function useChosenClass(image: ImageItem | undefined, panes: ShownPanes["panes"]): number | null {
  const modelClasses = labelSetOf(panes[0]?.resolved?.run.checkpoint ?? CITYSCAPES_19);
  const order = useCompare((state) => state.order);
  if (image === undefined || order !== "dataset") return null;
  const { classes } = imageListOf(image.datasetId).filter;
  const [only] = classes;
  if (classes.length !== 1 || only === undefined) return null;
  const found = Array.from({ length: modelClasses.numClasses }, (_, id) => id).find(
    (id) => datasetClass(id, modelClasses) === only,
  );
  return found ?? null;
}

interface PaneCommandsInput {
  readonly shown: ShownPanes;
  readonly link: () => void;
  readonly fit: () => void;
  readonly add: () => void;
}

function usePaneCommands({ shown, link, fit, add }: PaneCommandsInput): void {
  const group = "Compare";
  const isEnabled = () => shown.panes.length > 0;
  const { outline, palette, hasPatterns } = useDisplay();
  const commands: readonly Command[] = [
    {
      id: "compare.sideBySide",
      title: "Panes side by side",
      group,
      keys: "1",
      isEnabled,
      run: () => setLayout("panes"),
    },
    {
      id: "compare.divider",
      title: "Two panes with a divider",
      group,
      keys: "2",
      isEnabled,
      run: () => setLayout("split"),
    },
    {
      id: "compare.blink",
      title: "Panes one after the other",
      group,
      keys: "3",
      isEnabled,
      run: () => setLayout("blink"),
    },
    {
      id: "compare.holdBlink",
      title: "Hold to see the other pane in place",
      group,
      keys: "b",
      isEnabled,
      run: () => useBlink.setState({ isHeld: true }),
      release: () => useBlink.setState({ isHeld: false }),
    },
    {
      id: "compare.playBlink",
      title: "Blink by itself, or stop",
      group,
      keys: "space",
      isEnabled: () => useCompare.getState().layout === "blink",
      run: () => useBlink.setState(({ isPlaying }) => ({ isPlaying: !isPlaying })),
    },
    { id: "compare.link", title: "Link or unlink the panes", group, keys: "l", isEnabled, run: link },
    { id: "compare.fit", title: "Show all of the image", group, keys: "f", isEnabled, run: fit },
    {
      id: "compare.addPane",
      title: "Add a pane",
      group,
      isEnabled: () => isEnabled() && shown.panes.length < 4,
      run: add,
    },
    {
      id: "compare.outline",
      title: outline ? "Draw areas" : "Draw outlines",
      group,
      keys: "o",
      run: () => setDisplay({ outline: !outline }),
    },
    {
      id: "compare.palette",
      title: "Other palette",
      group,
      keys: "p",
      run: () => setDisplay({ palette: palette === "cityscapes" ? "color-blind-safe" : "cityscapes" }),
    },
    {
      id: "compare.patterns",
      title: hasPatterns ? "No patterns on the classes" : "Patterns on the classes",
      group,
      keys: "shift+p",
      run: () => setDisplay({ hasPatterns: !hasPatterns }),
    },
  ];
  useCommands(commands);
}
