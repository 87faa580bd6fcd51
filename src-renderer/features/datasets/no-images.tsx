// The grid's place when it is empty: nothing passes the filter, or the folder has no images.
import { Button } from "@mantine/core";
import { IconPhotoOff, IconPhotoSearch } from "@tabler/icons-react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ALL_IMAGES, changeImageList, type ImageList, isFiltered } from "../../state/image-list.ts";
import { rescanDataset } from "./dataset-actions.ts";

export function NoImages({ dataset, list }: { readonly dataset: Dataset; readonly list: ImageList }) {
  if (isFiltered(list)) {
    const clear = () => changeImageList(dataset.id, "clear the filter", { ...list, filter: ALL_IMAGES.filter });
    return (
      <EmptyState
        icon={<IconPhotoSearch size={28} stroke={1.5} />}
        title="No image passes the filter"
        action={<Button onClick={clear}>Clear the filter</Button>}
      >
        None of the images of {dataset.name} has all that is asked for.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconPhotoOff size={28} stroke={1.5} />}
      title="No images in this folder"
      action={<Button onClick={() => rescanDataset(dataset)}>Look again</Button>}
    >
      PNG, JPEG and WebP files in “{dataset.path}” and the folders in it are listed here.
    </EmptyState>
  );
}
