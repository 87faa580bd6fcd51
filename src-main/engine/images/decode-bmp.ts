// Reads Windows bitmaps, which libvips does not: uncompressed ones of 1 to 32 bits a pixel.
import { Buffer } from "node:buffer";

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** [H, W, 3]. */
  readonly rgb: Uint8Array;
  /** [H, W]: the indices into its table of colours; null where it has none. */
  readonly indices: Uint8Array | null;
}

// BITMAPFILEHEADER is 14 bytes; BITMAPINFOHEADER follows, or the older BITMAPCOREHEADER of 12 bytes.
const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;

/** The bits of a channel within a pixel. */
interface Field {
  readonly shift: number;
  /** The largest value. */
  readonly max: number;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  readonly headerBytes: number;
  readonly compression: number;
}

/** @throws RangeError for what breaks off, contradicts itself, or is compressed */
export function bitmapSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const { width, height } = readHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { width, height };
}

/**
 * Alpha is dropped. Source: Windows GDI, "Bitmap Storage" and "BITMAPINFOHEADER".
 *
 * @throws RangeError as bitmapSize
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(file);
  const { width, height, bits, pixelsAt, isTopDown } = header;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (pixelsAt + rowBytes * height > file.length) throw new RangeError("breaks off");
  const rgb = new Uint8Array(width * height * 3);
  const indices = bits <= 8 ? new Uint8Array(width * height) : null;
  const table = indices === null ? null : colorTable(file, header);
  const fields = indices === null && bits !== 24 ? channelFields(file, header) : [];
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + rowBytes * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (indices !== null && table !== null) {
        const index = ((file[row + ((x * bits) >> 3)] ?? 0) >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
        indices[at] = index;
        for (let c = 0; c < 3; c++) rgb[at * 3 + c] = table[index * 3 + c] ?? 0;
      } else if (bits === 24) {
        for (let c = 0; c < 3; c++) rgb[at * 3 + c] = file[row + x * 3 + 2 - c] ?? 0;
      } else {
        const pixel = bits === 16 ? file.readUInt16LE(row + x * 2) : file.readUInt32LE(row + x * 4);
        for (const [c, { shift, max }] of fields.entries()) {
          const value = Math.floor(pixel / 2 ** shift) % (max + 1);
          rgb[at * 3 + c] = max === 0 ? 0 : Math.floor((value * 255) / max);
        }
      }
    }
  }
  return { width, height, rgb, indices };
}

function readHeader(file: Buffer): Header {
  const headerBytes = file.readUInt32LE(FILE_HEADER_BYTES);
  const isCore = headerBytes === CORE_HEADER_BYTES;
  if (!isCore && headerBytes < INFO_HEADER_BYTES) throw new RangeError(`a header of ${headerBytes} bytes`);
  const at = FILE_HEADER_BYTES + 4;
  const width = isCore ? file.readUInt16LE(at) : file.readInt32LE(at);
  const storedHeight = isCore ? file.readInt16LE(at + 2) : file.readInt32LE(at + 4);
  const bits = file.readUInt16LE(isCore ? at + 6 : at + 10);
  const compression = isCore ? UNCOMPRESSED : file.readUInt32LE(at + 12);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw new RangeError(`${bits} bits a pixel`);
  if (![UNCOMPRESSED, BIT_FIELDS, ALPHA_BIT_FIELDS].includes(compression)) throw new RangeError("compressed");
  if (width <= 0 || storedHeight === 0) throw new RangeError(`${width} x ${storedHeight} pixels`);
  const height = Math.abs(storedHeight);
  const pixelsAt = file.readUInt32LE(10);
  return { width, height, isTopDown: storedHeight < 0, bits, pixelsAt, headerBytes, compression };
}

/** RGB, three bytes a colour. */
function colorTable(file: Buffer, { headerBytes, pixelsAt, bits }: Header): Uint8Array {
  const entryBytes = headerBytes === CORE_HEADER_BYTES ? 3 : 4;
  const start = FILE_HEADER_BYTES + headerBytes;
  const count = Math.min(1 << bits, Math.floor((pixelsAt - start) / entryBytes));
  const table = new Uint8Array(3 << bits);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) table[i * 3 + c] = file[start + i * entryBytes + 2 - c] ?? 0;
  }
  return table;
}

/** Red, green and blue. Without masks: 5 bits each in 16, 8 bits each in 32. */
function channelFields(file: Buffer, { bits, compression }: Header): Field[] {
  const masksAt = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  const usual = bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff];
  const masks = compression === UNCOMPRESSED ? usual : [0, 4, 8].map((offset) => file.readUInt32LE(masksAt + offset));
  return masks.map((mask) => {
    let shift = 0;
    while (shift < 32 && Math.floor(mask / 2 ** shift) % 2 === 0) shift += 1;
    return shift === 32 ? { shift: 0, max: 0 } : { shift, max: Math.floor(mask / 2 ** shift) };
  });
}
