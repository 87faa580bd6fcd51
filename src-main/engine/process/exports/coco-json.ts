// A label map in the form that COCO-Stuff has for annotations: one mask in run lengths for each class of the image.
import { cityscapesGroup } from "../../../../src-shared/labels/cityscapes-groups.ts";
import type { LabelSet } from "../../../../src-shared/labels/label-sets.ts";
import { classMasks } from "../../images/coco-rle.ts";
import type { LabelMap } from "../../images/rgb-image.ts";

/** The only image of the file; COCO's ids begin with 1. */
const IMAGE_ID = 1;

/**
 * Categories go by Cityscapes' label ids, whatever the model counts its classes by.
 * Source: https://cocodataset.org/#format-data, "Object Detection", with `segmentation` as RLE and `iscrowd` 0, as in
 * the annotations of COCO-Stuff.
 *
 * @param labels  train ids, all of them classes of the set
 */
export function cocoJson(labels: LabelMap, fileName: string, labelSet: LabelSet, description: string): string {
  const { width, height } = labels;
  const idOf = (trainId: number): number => labelSet.cityscapesIds?.[trainId] ?? labelSet.fileIds[trainId]?.[0] ?? 0;
  const annotations = classMasks(labels).map(({ trainId, counts, area, bbox }, index) => ({
    id: index + 1,
    image_id: IMAGE_ID,
    category_id: idOf(trainId),
    segmentation: { size: [height, width], counts },
    area,
    bbox,
    iscrowd: 0,
  }));
  const categories = labelSet.names.map((name, trainId) => ({
    id: idOf(trainId),
    name,
    supercategory: cityscapesGroup(idOf(trainId)),
  }));
  const images = [{ id: IMAGE_ID, file_name: fileName, width, height }];
  return `${JSON.stringify({ info: { description }, images, categories, annotations })}\n`;
}
