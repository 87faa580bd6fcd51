// The images of an evaluation as they are listed: joined with another evaluation's, in the order asked for.
import type { ConfusedImage, EvaluationResult } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";

export interface ImageRow {
  readonly key: string;
  readonly imageId: ImageId;
  /** The image's own mean IoU, and IoU of each class; null where nothing is labelled. */
  readonly miou: number | null;
  readonly iou: readonly (number | null)[];
  readonly entropy: number;
  readonly confidence: number;
  /** In the other evaluation; null where that has no figure of this image. */
  readonly otherMiou: number | null;
  /** This less the other. */
  readonly gain: number | null;
  /** Of the confusion that the list is narrowed to. */
  readonly pixels: number | null;
}

type Figures = Pick<EvaluationResult, "summary" | "imageIds">;

/** An image that is not in the dataset any more can't be shown, and is left out. */
export function imageRows({ summary, imageIds }: Figures, other: Figures | null): readonly ImageRow[] {
  const others = new Map(other?.summary?.perImage.map(({ key, miou }) => [key, miou]));
  return (summary?.perImage ?? []).flatMap((image): ImageRow[] => {
    const imageId = imageIds[image.key];
    if (imageId === undefined) return [];
    const otherMiou = others.get(image.key) ?? null;
    const gain = image.miou === null || otherMiou === null ? null : image.miou - otherMiou;
    return [{ ...image, imageId, otherMiou, gain, pixels: null }];
  });
}

export const IMAGE_ORDERS = [
  "worst",
  "best",
  "gain",
  "loss",
  "mostEntropy",
  "leastConfidence",
  "mostConfidence",
  "name",
] as const;
export type ImageOrder = (typeof IMAGE_ORDERS)[number];

export const ORDER_TITLES: Readonly<Record<ImageOrder, string>> = {
  worst: "Lowest IoU first",
  best: "Highest IoU first",
  gain: "Largest gain first",
  loss: "Largest loss first",
  mostEntropy: "Highest entropy first",
  leastConfidence: "Lowest confidence first",
  mostConfidence: "Highest confidence first",
  name: "By name",
};

export function comparesTwo(order: ImageOrder): boolean {
  return order === "gain" || order === "loss";
}

/** What an order goes by, the least first. */
const RANKS: Readonly<Record<Exclude<ImageOrder, "name">, (row: ImageRow) => number | null>> = {
  worst: ({ miou }) => miou,
  best: ({ miou }) => negative(miou),
  gain: ({ gain }) => negative(gain),
  loss: ({ gain }) => gain,
  mostEntropy: ({ entropy }) => -entropy,
  leastConfidence: ({ confidence }) => confidence,
  mostConfidence: ({ confidence }) => -confidence,
};

function negative(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Images without the figure come last, equals by name. */
export function orderedRows(rows: readonly ImageRow[], order: ImageOrder): readonly ImageRow[] {
  const byName = (a: ImageRow, b: ImageRow) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  if (order === "name") return rows.toSorted(byName);
  const rank = RANKS[order];
  return rows.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null) || byName(a, b);
    return first - second || byName(a, b);
  });
}

/** The images of a cell of the confusion matrix, the most pixels first. */
export function rowsOfCell(rows: readonly ImageRow[], confused: readonly ConfusedImage[]): readonly ImageRow[] {
  const byId = new Map(rows.map((row) => [row.imageId, row]));
  return confused
    .flatMap(({ imageId, pixels }) => {
      const row = byId.get(imageId);
      return row === undefined ? [] : [{ ...row, pixels }];
    })
    .sort((a, b) => (b.pixels ?? 0) - (a.pixels ?? 0));
}

/** The images that have a class, the lowest IoU of it first. */
export function rowsOfClass(rows: readonly ImageRow[], trainId: number): readonly ImageRow[] {
  return rows
    .filter(({ iou }) => iou[trainId] != null)
    .toSorted((a, b) => (a.iou[trainId] ?? 0) - (b.iou[trainId] ?? 0));
}
