// Comparing: results side by side on one image, and two sides over many images.
import { Button, SegmentedControl, Select } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconColumns2 } from "@tabler/icons-react";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type DatasetId, datasetIdSchema, type ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { shortName } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { classColors } from "../../state/class-colors.ts";
import { useCommands } from "../../state/commands.ts";
import { useCompare } from "../../state/compare.ts";
import { useDataset, useImage } from "../../state/entities.ts";
import { ALL_IMAGES, changeImageList, imageIds, isFiltered, useImageLists } from "../../state/image-list.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import "./compare-screen.css";
import { gainOfImage } from "./gains.ts";
import { ImageRail, type RailImage } from "./image-rail.tsx";
import { ManyImages } from "./many-images.tsx";
import { useManyView } from "./many-view.ts";
import { OneImage } from "./one-image.tsx";
import { openPair } from "./open-pair.ts";
import { type ComparisonState, useComparison } from "./use-comparison.ts";

const TABS = [
  { value: "one", label: "One image" },
  { value: "many", label: "Many images" },
] as const;

export function CompareScreen() {
  const tab = useCompare((state) => state.tab);
  const imageId = useNavigation((state) => state.imageId);
  const image = useImage(imageId);
  const datasets = useQuery(queries.datasets()).data;
  const navigated = useNavigation((state) => state.datasetId);
  const go = useNavigation((state) => state.go);
  const newest = useQuery(queries.runs({ statuses: ["finished"], limit: 1 }));
  const datasetId = image?.datasetId ?? navigated ?? newest.data?.runs[0]?.image.datasetId ?? null;
  const dataset = useDataset(datasetId);
  const comparison = useComparison(datasetId);
  const images = useRailImages(datasetId, comparison);
  const stepTo = useStepping(images, comparison);

  // Without an image, the one that was run last.
  const newestImage = newest.data?.runs[0]?.image;
  useEffect(() => {
    if (imageId === null && newestImage !== undefined)
      go({ imageId: newestImage.id, datasetId: newestImage.datasetId });
  }, [imageId, newestImage, go]);

  const isEmpty = imageId === null && newest.data !== undefined && newestImage === undefined;
  return (
    <ScreenFrame
      title="Compare"
      detail={tab === "one" && image !== undefined ? shortName(image.key) : undefined}
      actions={
        <>
          {tab === "one" && images.length > 1 && (
            <>
              <IconButton label="Previous image" keys={<KeyCombo parts={["["]} />} onClick={() => stepTo(-1)}>
                <IconChevronLeft size={17} />
              </IconButton>
              <IconButton label="Next image" keys={<KeyCombo parts={["]"]} />} onClick={() => stepTo(1)}>
                <IconChevronRight size={17} />
              </IconButton>
            </>
          )}
          {tab === "many" && (datasets?.length ?? 0) > 1 && (
            <Select
              aria-label="Dataset"
              w={180}
              allowDeselect={false}
              data={datasets?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              value={datasetId}
              onChange={(id) => go({ datasetId: datasetIdSchema.safeParse(id).data ?? null, imageId: null })}
            />
          )}
          <SegmentedControl
            aria-label="Compare"
            data={[...TABS]}
            value={tab}
            onChange={(value) => useCompare.setState({ tab: value === "one" ? "one" : "many" })}
          />
        </>
      }
    >
      {isEmpty ? (
        <NothingRun />
      ) : tab === "many" ? (
        <ManyImages dataset={dataset} state={comparison} />
      ) : (
        <div className="compare-screen">
          <Rail images={images} datasetId={datasetId} imageId={imageId} comparison={comparison} />
          <OneImage image={image} />
        </div>
      )}
    </ScreenFrame>
  );
}

function NothingRun() {
  const go = useNavigation((state) => state.go);
  return (
    <EmptyState
      icon={<IconColumns2 size={28} stroke={1.5} />}
      title="Nothing to compare yet"
      action={<Button onClick={() => go({ screen: "adapt" })}>Adapt an image</Button>}
    >
      Results of runs are compared here: before with after, one checkpoint with another, one setting with the next.
    </EmptyState>
  );
}

interface RailProps {
  readonly images: readonly RailImage[];
  readonly datasetId: DatasetId | null;
  readonly imageId: ImageId | null;
  readonly comparison: ComparisonState;
}

function Rail({ images, datasetId, imageId, comparison }: RailProps) {
  const order = useCompare((state) => state.order);
  const list =
    useImageLists((state) => (datasetId === null ? undefined : state.byDataset.get(datasetId))) ?? ALL_IMAGES;
  const chosenClass = useManyView((view) => view.chosenClass);
  const dataset = useDataset(datasetId);
  const go = useNavigation((state) => state.go);
  const onPick = (id: ImageId) => {
    const pair = order === "comparison" ? comparison.images.find((image) => image.imageId === id) : undefined;
    if (pair !== undefined && comparison.query !== null) openPair(comparison.query, pair);
    else go({ imageId: id, runId: null });
  };
  const names = list.filter.classes.map((id) => classColors(19, "cityscapes")[id]?.name ?? `class ${id}`);
  const narrowedInDataset =
    isFiltered(list) && datasetId !== null
      ? {
          text: names.length > 0 ? `with ${names.join(", ")}` : "filtered",
          onClear: () => changeImageList(datasetId, "clear the filter", { ...list, filter: ALL_IMAGES.filter }),
        }
      : null;
  const narrowedInComparison =
    chosenClass === null
      ? null
      : { text: `with ${chosenClass.name}`, onClear: () => useManyView.setState({ chosenClass: null }) };
  return (
    <ImageRail
      images={images}
      title={order === "comparison" ? "By gain" : (dataset?.name ?? "Images")}
      current={imageId}
      onPick={onPick}
      narrowed={order === "comparison" ? narrowedInComparison : narrowedInDataset}
    />
  );
}

/** The images one steps through. */
function useRailImages(datasetId: DatasetId | null, { images }: ComparisonState): readonly RailImage[] {
  const order = useCompare((state) => state.order);
  const list =
    useImageLists((state) => (datasetId === null ? undefined : state.byDataset.get(datasetId))) ?? ALL_IMAGES;
  const { data } = useQuery({
    queryKey: ["images", datasetId, { filter: list.filter, sort: list.sort }, "rail"],
    queryFn: datasetId === null ? skipToken : () => imageIds(datasetId, list),
  });
  if (order === "comparison") return images.map((image) => ({ id: image.imageId, gain: gainOfImage(image) }));
  return data?.map((id) => ({ id })) ?? NO_IMAGES;
}

const NO_IMAGES: readonly RailImage[] = [];

/** Steps to the next or previous image, by command and by button: in the list of many images the cursor moves. */
function useStepping(
  images: readonly RailImage[],
  { query, images: compared }: ComparisonState,
): (step: 1 | -1) => void {
  const tab = useCompare((state) => state.tab);
  const order = useCompare((state) => state.order);
  const { imageId, go } = useNavigation();
  const stepTo = (step: 1 | -1) => {
    if (tab === "many") {
      const place = compared.findIndex((image) => image.imageId === useManyView.getState().cursor);
      const next = compared[place < 0 ? 0 : place + step];
      if (next !== undefined) useManyView.setState({ cursor: next.imageId });
      return;
    }
    const place = images.findIndex(({ id }) => id === imageId);
    const next = images[place < 0 ? 0 : place + step];
    if (next === undefined) return;
    const pair = order === "comparison" ? compared.find((image) => image.imageId === next.id) : undefined;
    if (pair !== undefined && query !== null) openPair(query, pair);
    else go({ imageId: next.id, runId: null });
  };
  const group = "Compare";
  useCommands([
    { id: "compare.next", title: "Next image", group, keys: "]", repeats: true, run: () => stepTo(1) },
    { id: "compare.previous", title: "Previous image", group, keys: "[", repeats: true, run: () => stepTo(-1) },
    {
      id: "compare.many",
      title: "One image or many",
      group,
      keys: "m",
      run: () => useCompare.setState({ tab: tab === "one" ? "many" : "one" }),
    },
  ]);
  return stepTo;
}
