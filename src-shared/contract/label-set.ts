// A label set as data: what a JSON file of one holds, and what is stored with a checkpoint and its results.
import { z } from "zod";

const channel = z.int().min(0).max(255);
const id = z.int().min(0).max(255);

export const labelSetSchema = z.object({
  /** Of the whole, such as "CamVid 11". */
  name: z.string().trim().min(1, "name the label set").max(100),
  /** In the order of the model's outputs. */
  classes: z
    .array(
      z.object({
        name: z.string().trim().min(1, "every class needs a name").max(100),
        /** Red, green, blue; one that is apart from the others' where nothing is given. */
        color: z.tuple([channel, channel, channel]).exactOptional(),
        /** In label files; its place in the list where nothing is given. */
        ids: z.array(id).max(256).exactOptional(),
      }),
    )
    .min(2, "a label set has at least 2 classes")
    .max(255, "a label set has at most 255 classes: label maps are bytes, and 255 is nobody's"),
  /** Ids in label files that count for nothing, besides 255. */
  ignored: z.array(id).max(256).default([]),
});
export type LabelSetData = z.infer<typeof labelSetSchema>;
