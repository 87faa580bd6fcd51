// Good, odd and broken label files, all made here.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "fast-png";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeLabelMap } from "../../../../src-main/engine/images/decode-label-map.ts";
import { encodeLabelPng } from "../../../../src-main/engine/images/encode-png.ts";
import { anyLabelMap, temporaryFile, temporaryFolder } from "../../../helpers/pictures.ts";

const decodeBytes = (bytes: Uint8Array | string, name = "labels.png") => decodeLabelMap(temporaryFile(name, bytes));

/** Written by pypng 0.20220715: the sample at (x, y) is (3 x + 5 y) modulo the number of values. */
const INTERLACED = [
  {
    bits: 1,
    kind: "palette",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGAQMAAAFGMvaeAAAABlBMVEUAAAAHAQHONK6dAAAAEUlEQVR4nGNgQAIHwHAFCAIAGkAEOYN3vtMAAAAASUVORK5CYII=",
  },
  {
    bits: 1,
    kind: "grey",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGAQAAAAFUh1lwAAAAEUlEQVR4nGNgQAIHwHAFCAIAGkAEOYN3vtMAAAAASUVORK5CYII=",
  },
  {
    bits: 2,
    kind: "palette",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGAgMAAAEBkoxOAAAADFBMVEUAAAAHAQEOAgIVAwN5X8gMAAAAG0lEQVR4nGNgAIMGIOxguMBQAMR+DgxPDgBJAEDbBlm/u/d3AAAAAElFTkSuQmCC",
  },
  {
    bits: 2,
    kind: "grey",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGAgAAAAETJyOgAAAAG0lEQVR4nGNgAIMGIOxguMBQAMR+DgxPDgBJAEDbBlm/u/d3AAAAAElFTkSuQmCC",
  },
  {
    bits: 4,
    kind: "palette",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGBAMAAAGO0nnuAAAAMFBMVEUAAAAHAQEOAgIVAwMcBAQjBQUqBgYxBwc4CAg/CQlGCgpNCwtUDAxbDQ1iDg5pDw/S/e5NAAAAKElEQVR4nGNgYDjA4MCQwLCAYUECgyXDZYZahoh9AgyfIjYwzPkUAAB4aAmIbjzxzQAAAABJRU5ErkJggg==",
  },
  {
    bits: 4,
    kind: "grey",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAGBAAAAAGcZ9YAAAAAKElEQVR4nGNgYDjA4MCQwLCAYUECgyXDZYZahoh9AgyfIjYwzPkUAAB4aAmIbjzxzQAAAABJRU5ErkJggg==",
  },
];

const GRAY = 0;
const INDEXED = 3;

/** A PNG written by hand, for the depths and colour types that encoders avoid. `rows` are packed samples. */
function handmadePng(width: number, depth: number, colorType: number, rows: number[][]): Buffer {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    framed.set(body, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([depth, colorType], 8);
  const palette = Buffer.from(Array.from({ length: 3 * 2 ** depth }, (_, i) => (i * 89) % 256));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(colorType === INDEXED ? [chunk("PLTE", palette)] : []),
    chunk("IDAT", deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))), // 0: unfiltered row
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

describe("decodeLabelMap reads", () => {
  it("exactly the ids that were written", async () => {
    const path = join(temporaryFolder(), "labels.png");
    await fc.assert(
      fc.asyncProperty(anyLabelMap, async (map) => {
        await writeFile(path, await encodeLabelPng(map));
        expect(await decodeLabelMap(path)).toEqual(map);
      }),
      { numRuns: 30 },
    );
  });

  it("palette indices, not colours, at every depth", async () => {
    expect([...(await decodeBytes(handmadePng(3, 8, INDEXED, [[7, 0, 255]]))).data]).toEqual([7, 0, 255]);
    expect([
      ...(
        await decodeBytes(
          handmadePng(3, 4, INDEXED, [
            [0x1f, 0x20],
            [0xab, 0xc0],
          ]),
        )
      ).data,
    ]).toEqual([1, 15, 2, 10, 11, 12]);
    expect([...(await decodeBytes(handmadePng(5, 2, INDEXED, [[0b00011011, 0b01000000]]))).data]).toEqual([
      0, 1, 2, 3, 1,
    ]);
    expect([...(await decodeBytes(handmadePng(9, 1, INDEXED, [[0b10100001, 0b10000000]]))).data]).toEqual([
      1, 0, 1, 0, 0, 0, 0, 1, 1,
    ]);
  });

  it("grey of few bits in the scale of 0 to 255", async () => {
    expect([...(await decodeBytes(handmadePng(4, 2, GRAY, [[0b00011011]]))).data]).toEqual([0, 85, 170, 255]);
    expect([...(await decodeBytes(handmadePng(2, 1, GRAY, [[0b01000000]]))).data]).toEqual([0, 255]);
  });

  it("three equal channels as numbers", async () => {
    for (const channels of [3, 4]) {
      const data = Uint8Array.from([7, 7, 7, 255, 9, 9, 9, 255].filter((_, i) => channels === 4 || i % 4 < 3));
      expect([...(await decodeBytes(encode({ width: 2, height: 1, depth: 8, channels, data }))).data]).toEqual([7, 9]);
    }
  });

  it.each(INTERLACED)("interlaced samples, $bits bits, $kind", async ({ bits, kind, png }) => {
    const scale = kind === "grey" ? 255 / (2 ** bits - 1) : 1;
    const samples = Array.from(
      { length: 5 * 6 },
      (_, i) => (((i % 5) * 3 + Math.floor(i / 5) * 5) % 2 ** bits) * scale,
    );
    expect([...(await decodeBytes(Buffer.from(png, "base64"))).data]).toEqual(samples);
  });

  it("what a note says to turn, turned", async () => {
    const gray = sharp(Buffer.from([1, 2, 3, 4, 5, 6]), { raw: { width: 3, height: 2, channels: 1 } });
    const noted = await gray.toColourspace("b-w").withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await decodeBytes(noted)).toEqual({ width: 2, height: 3, data: Uint8Array.of(4, 1, 5, 2, 6, 3) });
  });

  it("16-bit grey, and grey beside alpha", async () => {
    const wide = encode({ width: 3, height: 1, depth: 16, channels: 1, data: Uint16Array.of(0, 33, 255) });
    expect([...(await decodeBytes(wide)).data]).toEqual([0, 33, 255]);
    const withAlpha = encode({ width: 2, height: 1, depth: 8, channels: 2, data: Uint8Array.of(7, 0, 8, 255) });
    expect([...(await decodeBytes(withAlpha)).data]).toEqual([7, 8]);
  });
});

describe("decodeLabelMap refuses", () => {
  it("a 16-bit id above 255, and says where", async () => {
    const wide = encode({ width: 2, height: 2, depth: 16, channels: 1, data: Uint16Array.of(0, 1, 2, 1042) });
    await expect(decodeBytes(wide)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringMatching(/labels\.png" holds the id 1042 at column 1, row 1/),
    });
  });

  it("colour-coded labels, with and without alpha", async () => {
    for (const channels of [3, 4]) {
      const data = Uint8Array.from({ length: channels }, (_, i) => i);
      const colors = encode({ width: 1, height: 1, depth: 8, channels, data });
      await expect(decodeBytes(colors)).rejects.toMatchObject({
        code: "image.format",
        message: expect.stringContaining("holds colours, not class ids"),
      });
    }
  });

  it("what is no PNG: text, nothing, a JPEG", async () => {
    const jpeg = await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })
      .jpeg()
      .toBuffer();
    for (const content of ["hello", jpeg]) {
      await expect(decodeBytes(content)).rejects.toMatchObject({ code: "image.format" });
    }
    await expect(decodeBytes("")).rejects.toMatchObject({ code: "image.damaged" });
  });

  it("a PNG that breaks off, at whatever byte", async () => {
    const whole = handmadePng(3, 8, GRAY, [[1, 2, 3]]);
    for (const length of [8, 20, 25, 26, 40, 50, whole.length - 13]) {
      await expect(decodeBytes(whole.subarray(0, length))).rejects.toMatchObject({ code: "image.damaged" });
    }
  });

  it("a PNG with a wrong checksum", async () => {
    const flipped = handmadePng(3, 8, GRAY, [[1, 2, 3]]);
    flipped[45] = Number(flipped[45]) ^ 0x01;
    await expect(decodeBytes(flipped)).rejects.toMatchObject({ code: "image.damaged" });
  });

  it("more pixels than the limit, before it decodes them", async () => {
    await expect(decodeBytes(handmadePng(2 ** 30, 8, GRAY, [[1]]))).rejects.toMatchObject({ code: "image.size" });
  });

  it("a missing file", async () => {
    await expect(decodeLabelMap(join(temporaryFolder(), "no.png"))).rejects.toMatchObject({ code: "input.missing" });
  });
});
