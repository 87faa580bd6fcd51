// The pictures of a report: small enough to be inside one file.
import sharp from "sharp";
import type { Palette } from "../../../../../src-shared/labels/palettes.ts";
import { overlayLabels } from "../../../images/overlay.ts";
import type { LabelMap, RgbImage } from "../../../images/rgb-image.ts";

const MAX_WIDTH = 1024;
const WEBP_QUALITY = 82;
/** Of unchanged pixels in the picture of changes. */
const FADED = 0.35;

export interface ReportPicture {
  readonly title: string;
  /** data: */
  readonly uri: string;
}

export interface PicturedRun {
  readonly image: RgbImage;
  readonly before: LabelMap;
  readonly labels: LabelMap;
  readonly confidence: LabelMap;
  readonly palette: Palette;
  readonly overlayOpacity: number;
}

/** Image, prediction before and after, what changed, confidence. */
export async function reportPictures(run: PicturedRun): Promise<ReportPicture[]> {
  const { image, before, labels, confidence, palette, overlayOpacity } = run;
  const pictures: readonly (readonly [string, RgbImage])[] = [
    ["Image", image],
    ["Before", overlayLabels(image, before, palette, overlayOpacity)],
    ["After", overlayLabels(image, labels, palette, overlayOpacity)],
    ["What changed, in its new colours", changes(image, before, labels, palette)],
    ["Confidence, black to white", { ...confidence, data: spread(confidence.data) }],
  ];
  return Promise.all(pictures.map(async ([title, picture]) => ({ title, uri: await dataUri(picture) })));
}

/** Changed pixels in the new class's colour, the others grey and faded. */
function changes(image: RgbImage, before: LabelMap, labels: LabelMap, palette: Palette): RgbImage {
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < labels.data.length; i++) {
    const label = labels.data[i] as number;
    const [r, g, b] = [0, 1, 2].map((c) => image.data[3 * i + c] as number) as [number, number, number];
    const gray = FADED * (0.299 * r + 0.587 * g + 0.114 * b); // ITU-R BT.601
    data.set(label === before.data[i] ? [gray, gray, gray] : (palette[label] ?? [0, 0, 0]), 3 * i);
  }
  return { ...image, data };
}

function spread(plane: Uint8Array): Uint8Array {
  const data = new Uint8Array(plane.length * 3);
  for (let i = 0; i < plane.length; i++) data.fill(plane[i] as number, 3 * i, 3 * i + 3);
  return data;
}

async function dataUri({ data, width, height }: RgbImage): Promise<string> {
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: MAX_WIDTH, withoutEnlargement: true })
    .webp({ quality: WEBP_QUALITY })
    .toBuffer();
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}
