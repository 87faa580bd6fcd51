// Chooses one image: a dataset, and an image of it by its name.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Dataset, ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { datasetIdSchema, imageIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { ALL_IMAGES, firstImagePage } from "../../state/image-list.ts";
import type { Chosen } from "./stylize-view.ts";

interface ImagePickerProps {
  /** "Image" or "Style". */
  readonly name: string;
  readonly datasets: readonly Dataset[];
  readonly dataset: Dataset;
  readonly image: ImageItem | undefined;
  readonly onChoose: (chosen: Chosen) => void;
}

export function ImagePicker({ name, datasets, dataset, image, onChoose }: ImagePickerProps) {
  const [typed, setTyped] = useState("");
  // What the field shows for the chosen image is not searched for.
  const text = typed === image?.key ? "" : typed;
  const list = { ...ALL_IMAGES, filter: { ...ALL_IMAGES.filter, text } };
  const { data: page } = useQuery(firstImagePage(dataset.id, list));
  const found = page?.items ?? [];
  const items = image === undefined || found.some(({ id }) => id === image.id) ? found : [image, ...found];
  return (
    <fieldset className="image-picker">
      <legend className="visually-hidden">{name}</legend>
      <Select
        label={name}
        aria-label={`Dataset of the ${name.toLowerCase()}`}
        allowDeselect={false}
        data={datasets.map(({ id, name: label }) => ({ value: id, label }))}
        value={dataset.id}
        onChange={(id) => onChoose({ datasetId: datasetIdSchema.safeParse(id).data ?? null, imageId: null })}
      />
      <Select
        aria-label={name}
        placeholder="Find an image"
        searchable
        allowDeselect={false}
        maxDropdownHeight={320}
        nothingFoundMessage="No image of this name"
        data={items.map(({ id, key }) => ({ value: id, label: key }))}
        filter={({ options }) => options}
        value={image?.id ?? null}
        onSearchChange={setTyped}
        onChange={(id) => onChoose({ datasetId: dataset.id, imageId: imageIdSchema.safeParse(id).data ?? null })}
      />
    </fieldset>
  );
}
