// Reads a label file: the exact class id of every pixel.
import { type DecodedPng, decode } from "fast-png";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS } from "./image-limits.ts";
import type { LabelMap } from "./rgb-image.ts";

const PNG_SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The colour types of PNG's IHDR chunk (PNG specification, 11.2.1) whose samples can be ids. */
const GRAY = 0;
const INDEXED = 3;
const GRAY_ALPHA = 4;
const COLORS: readonly number[] = [2, 6]; // without and with alpha

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly colorType: number;
}

/**
 * Decodes a PNG of class ids: grey values, or, where the file has a palette, the palette INDEX (not the colour). Grey
 * of less than 8 bits is scaled to 0..255, as the PNG specification defines such samples and Pillow reads them.
 *
 * @param colors  what to do with a colour image: refuse it, or take its red as SYNTHIA's labels want it
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.format` for what is no PNG, and for colours that are refused
 * @throws AppError `image.damaged` for a PNG that breaks off or whose checksums do not fit
 * @throws AppError `image.size` for more than MAX_IMAGE_PIXELS
 * @throws AppError `label.ids` for a 16-bit file with an id above 255
 */
export async function decodeLabelMap(path: string, colors: "refused" | "red" = "refused"): Promise<LabelMap> {
  const bytes = await readInputFile(path, MAX_IMAGE_FILE_BYTES);
  const { width, height, colorType } = readHeader(path, bytes);
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new AppError(
      "image.size",
      `"${path}" has ${width} x ${height} pixels, more than the ${MAX_IMAGE_PIXELS} that are read; make it smaller first.`,
    );
  }
  const isRead = colorType === GRAY || colorType === GRAY_ALPHA || colorType === INDEXED;
  if (!isRead && !(colors === "red" && COLORS.includes(colorType))) {
    throw new AppError(
      "image.format",
      `"${path}" holds colours, not class ids; give a grey or indexed PNG whose pixel values are the ids.`,
    );
  }
  const png = decodeOrRefuse(path, bytes);
  return { width, height, data: idsOf(path, png, colorType) };
}

function readHeader(path: string, bytes: Uint8Array): PngHeader {
  if (!PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    throw new AppError("image.format", `"${path}" is not a PNG file; labels are read from grey or indexed PNGs.`);
  }
  // After the signature: length (4 bytes), "IHDR" (4), width (4), height (4), bit depth (1), colour type (1).
  if (bytes.length < 26) throw damaged(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20), colorType: view.getUint8(25) };
}

function decodeOrRefuse(path: string, bytes: Uint8Array): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause?: unknown): AppError {
  return new AppError("image.damaged", `"${path}" is damaged or incomplete; get the file again.`, { cause });
}

function idsOf(path: string, png: DecodedPng, colorType: number): Uint8Array {
  const { width, height, data, depth, channels } = png;
  if (depth < 8) {
    const samples = unpack(png);
    if (colorType === INDEXED) return samples;
    const scale = 255 / (2 ** depth - 1);
    return samples.map((sample) => sample * scale);
  }
  const ids = new Uint8Array(width * height);
  if (data.length !== ids.length * channels) throw damaged(path);
  for (let i = 0; i < ids.length; i++) {
    const id = data[i * channels] as number;
    if (id > 255) {
      throw new AppError(
        "label.ids",
        `"${path}" holds the id ${id} at column ${i % width}, row ${Math.floor(i / width)}; ids go up to 255.`,
      );
    }
    ids[i] = id;
  }
  return ids;
}

/** One byte per sample, from rows of 1, 2 or 4-bit samples; every row starts at a new byte. */
function unpack({ width, height, data, depth }: DecodedPng): Uint8Array {
  const samples = new Uint8Array(width * height);
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * bytesPerRow + ((x * depth) >> 3)] as number;
      samples[y * width + x] = (byte >> (8 - depth - ((x * depth) & 7))) & mask;
    }
  }
  return samples;
}
