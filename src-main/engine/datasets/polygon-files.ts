// Polygons in the files of labelling tools: Cityscapes and IDD, LabelMe, Supervisely, COCO, CVAT, YOLO.
import { basename } from "node:path";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Point } from "../images/draw-polygon.ts";
import { type CvatImage, cvatImages } from "./cvat-xml.ts";
import type { YoloShape } from "./yolo-text.ts";

/** One labelled thing; what comes later lies over what came before. */
export interface Shape {
  readonly name: string;
  /** Each is filled. */
  readonly polygons: readonly (readonly Point[])[];
  /** Within them, left as what lies below. */
  readonly holes: readonly (readonly Point[])[];
}

export interface Shapes {
  /** Null where the file doesn't say. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly shapes: readonly Shape[];
  /** Things of a kind that is not drawn, such as boxes and bitmaps: the class and how many. */
  readonly undrawn: ReadonlyMap<string, number>;
}

const side = z
  .int()
  .min(1)
  .max(1 << 20);
const point = z.tuple([z.number(), z.number()]);
const points = z.array(point);

const cityscapesSchema = z.object({
  imgWidth: side,
  imgHeight: side,
  objects: z.array(
    z.object({ label: z.string(), polygon: points, deleted: z.union([z.boolean(), z.number()]).optional() }),
  ),
});
const labelMeSchema = z.object({
  imageWidth: side.nullish(),
  imageHeight: side.nullish(),
  shapes: z.array(z.object({ label: z.string(), points, shape_type: z.string().nullish() })),
});
const superviselySchema = z.object({
  size: z.object({ width: side, height: side }),
  objects: z.array(
    z.object({
      classTitle: z.string(),
      geometryType: z.string().optional(),
      points: z.object({ exterior: points, interior: z.array(points).default([]) }).optional(),
    }),
  ),
});
const cocoSchema = z.object({
  images: z.array(
    z.object({ id: z.union([z.number(), z.string()]), file_name: z.string(), width: side, height: side }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.union([z.number(), z.string()]),
      category_id: z.number(),
      segmentation: z.unknown().optional(),
    }),
  ),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
});
type CocoFile = z.infer<typeof cocoSchema>;

/** A rectangle is two corners. */
const LABEL_ME_FILLED: readonly string[] = ["polygon", "rectangle"];

/**
 * @param path   of the file, for messages
 * @param image  path of the image that is asked for: COCO's files hold many
 * @throws AppError `image.format` for a file that is none of these; `input.missing` for an image that is not in it
 */
export function shapesOf(path: string, document: unknown, image: string): Shapes {
  const cityscapes = cityscapesSchema.safeParse(document);
  if (cityscapes.success) return cityscapesShapes(cityscapes.data);
  const labelMe = labelMeSchema.safeParse(document);
  if (labelMe.success) return labelMeShapes(labelMe.data);
  const supervisely = superviselySchema.safeParse(document);
  if (supervisely.success) return superviselyShapes(supervisely.data);
  const coco = cocoSchema.safeParse(document);
  if (coco.success) return cocoShapes(path, coco.data, image);
  const cvat = typeof document === "string" ? cvatImages(document) : null;
  if (cvat !== null) return cvatShapes(path, cvat, image);
  throw new AppError(
    "image.format",
    `"${path}" holds no polygons that are understood; they are read as Cityscapes, LabelMe, Supervisely, COCO, CVAT and YOLO write them.`,
  );
}

/** Deleted objects are not drawn. Source: github.com/mcordts/cityscapesScripts, preparation/json2labelImg.py. */
function cityscapesShapes({ imgWidth, imgHeight, objects }: z.infer<typeof cityscapesSchema>): Shapes {
  const drawn = objects.filter(({ deleted = 0 }) => Number(deleted) === 0);
  return {
    size: { width: imgWidth, height: imgHeight },
    shapes: drawn.map(({ label, polygon }) => ({ name: label, polygons: [polygon], holes: [] })),
    undrawn: new Map(),
  };
}

function labelMeShapes({ imageWidth, imageHeight, shapes }: z.infer<typeof labelMeSchema>): Shapes {
  const isDrawn = ({ shape_type }: { readonly shape_type?: string | null | undefined }) =>
    LABEL_ME_FILLED.includes(shape_type ?? "polygon");
  return {
    size: imageWidth == null || imageHeight == null ? null : { width: imageWidth, height: imageHeight },
    shapes: shapes.filter(isDrawn).map(({ label, points: given, shape_type }) => ({
      name: label,
      polygons: [shape_type === "rectangle" ? cornersOf(given) : given],
      holes: [],
    })),
    undrawn: countedNames(shapes.filter((shape) => !isDrawn(shape)).map(({ label }) => label)),
  };
}

function cornersOf([first, second]: readonly Point[]): Point[] {
  if (first === undefined || second === undefined) return [];
  return [first, [second[0], first[1]], second, [first[0], second[1]]];
}

function superviselyShapes({ size, objects }: z.infer<typeof superviselySchema>): Shapes {
  const isDrawn = ({ geometryType, points: given }: (typeof objects)[number]) =>
    given !== undefined && (geometryType ?? "polygon") === "polygon";
  return {
    size,
    shapes: objects.filter(isDrawn).map(({ classTitle, points: given }) => ({
      name: classTitle,
      polygons: [given?.exterior ?? []],
      holes: given?.interior ?? [],
    })),
    undrawn: countedNames(objects.filter((one) => !isDrawn(one)).map(({ classTitle }) => classTitle)),
  };
}

function cocoShapes(path: string, { images, annotations, categories }: CocoFile, image: string): Shapes {
  const name = basename(image);
  const found = images.find(({ file_name }) => basename(file_name.replaceAll("\\", "/")) === name);
  if (found === undefined) {
    throw new AppError("input.missing", `"${path}" does not name "${name}"; get the list that fits.`);
  }
  const nameOf = new Map(categories.map(({ id, name: category }) => [id, category]));
  const own = annotations.filter(({ image_id }) => image_id === found.id);
  const named = own.map(({ category_id, segmentation }) => ({
    name: nameOf.get(category_id) ?? `category ${category_id}`,
    polygons: cocoPolygons(segmentation),
  }));
  return {
    size: { width: found.width, height: found.height },
    shapes: named.filter(({ polygons }) => polygons.length > 0).map((shape) => ({ ...shape, holes: [] })),
    undrawn: countedNames(named.filter(({ polygons }) => polygons.length === 0).map((shape) => shape.name)),
  };
}

function cvatShapes(path: string, images: readonly CvatImage[], image: string): Shapes {
  const name = basename(image);
  const found = images.find((one) => basename(one.name.replaceAll("\\", "/")) === name);
  if (found === undefined) {
    throw new AppError("input.missing", `"${path}" does not name "${name}"; get the list that fits.`);
  }
  const { width, height, polygons, others } = found;
  return {
    size: width > 0 && height > 0 ? { width, height } : null,
    shapes: polygons.map(({ label, points: given }) => ({ name: label, polygons: [given], holes: [] })),
    undrawn: countedNames(others),
  };
}

/**
 * @param nameOf  of a class by its number
 * @param size    of the image: the file has shares of it
 */
export function yoloPolygons(
  shapes: readonly YoloShape[],
  nameOf: (classId: number) => string,
  size: { readonly width: number; readonly height: number },
): Shapes {
  const isDrawn = ({ points: given }: YoloShape) => given.length > 0;
  return {
    size,
    shapes: shapes.filter(isDrawn).map(({ classId, points: given }) => ({
      name: nameOf(classId),
      polygons: [given.map(([x, y]): Point => [x * size.width, y * size.height])],
      holes: [],
    })),
    undrawn: countedNames(shapes.filter((shape) => !isDrawn(shape)).map(({ classId }) => nameOf(classId))),
  };
}

const flatPolygonsSchema = z.array(z.array(z.number()));

/** [x, y, x, y, …] for each part; none for boxes and runs of pixels. */
function cocoPolygons(segmentation: unknown): Point[][] {
  const flat = flatPolygonsSchema.safeParse(segmentation);
  if (!flat.success) return [];
  return flat.data.map((numbers) =>
    Array.from({ length: numbers.length >> 1 }, (_, i): Point => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0]),
  );
}

function countedNames(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** Of a document of COCO's form, or CVAT's, with polygons in it. */
export function imageNamesOf(document: unknown): readonly string[] {
  if (typeof document === "string") {
    const images = cvatImages(document) ?? [];
    const hasAny = images.some(({ polygons }) => polygons.length > 0);
    return hasAny ? images.map(({ name }) => name.replaceAll("\\", "/")) : [];
  }
  const coco = cocoSchema.safeParse(document);
  if (!coco.success) return [];
  const isDrawn = new Set(
    coco.data.annotations
      .filter(({ segmentation }) => cocoPolygons(segmentation).length > 0)
      .map(({ image_id }) => image_id),
  );
  if (isDrawn.size === 0) return [];
  return coco.data.images.map(({ file_name }) => file_name.replaceAll("\\", "/"));
}
