// Polygons in CVAT's own files, "CVAT for images 1.1": XML that lists images, and in each what was drawn.
import type { Point } from "../images/draw-polygon.ts";

export interface CvatImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** In the order in which they lie over one another. */
  readonly polygons: readonly { readonly label: string; readonly points: readonly Point[] }[];
  /** Labels of boxes, lines, points and masks. */
  readonly others: readonly string[];
}

const IMAGE = /<image\s([^>]*?)(?:\/>|>([\s\S]*?)<\/image>)/g;
const SHAPE = /<(polygon|box|polyline|points|ellipse|cuboid|mask|skeleton)\s([^>]*?)\/?>/g;
const ATTRIBUTE = /([\w:-]+)\s*=\s*"([^"]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The images that a file lists; null for what is not CVAT's. */
export function cvatImages(text: string): CvatImage[] | null {
  if (!/<annotations[\s>]/.test(text)) return null;
  return [...text.matchAll(IMAGE)].map(([, head = "", inside = ""]) => {
    const { name = "", width = "", height = "" } = attributesOf(head);
    const shapes = [...inside.matchAll(SHAPE)].map(([, kind = "", attributes = ""]) => ({
      kind,
      of: attributesOf(attributes),
    }));
    const polygons = shapes.filter(({ kind }) => kind === "polygon");
    return {
      name,
      width: Number(width),
      height: Number(height),
      polygons: polygons
        .toSorted((a, b) => Number(a.of.z_order ?? 0) - Number(b.of.z_order ?? 0))
        .map(({ of: { label = "", points = "" } }) => ({ label, points: pointsOf(points) })),
      others: shapes.filter(({ kind }) => kind !== "polygon").map(({ of: { label = "" } }) => label),
    };
  });
}

function attributesOf(text: string): Partial<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, decoded(value)]));
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}

/** "x,y;x,y" */
function pointsOf(text: string): Point[] {
  return text.split(";").map((pair): Point => {
    const [x = Number.NaN, y = Number.NaN] = pair.split(",").map(Number);
    return [x, y];
  });
}
