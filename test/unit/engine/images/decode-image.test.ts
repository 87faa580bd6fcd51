// Good, odd and broken image files, all made here.
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { encode } from "fast-png";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../../../src-main/engine/images/decode-image.ts";
import { upright } from "../../../../src-main/engine/images/orientation.ts";
import { readImageHeader } from "../../../../src-main/engine/images/read-image-header.ts";
import { temporaryFile, temporaryFolder } from "../../../helpers/pictures.ts";

const WIDTH = 40;
const HEIGHT = 30;
const PIXELS = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * i * 7 + i * 31) % 256);
const picture = (): Sharp => sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** Written by Pillow 13. */
const BITMAPS = {
  "24 bits": "Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAAwIBBgUE/Pv6AAAAHhQKPDIoWlBGAAAA",
  "a palette":
    "Qk1WAAAAAAAAAE4AAAAoAAAAAwAAAAIAAAABAAgAAAAAAAgAAADEDgAAxA4AAAYAAAAGAAAA/Pv6AFpQRgA8MigAHhQKAAYFBAADAgEABQQAAAMCAQA=",
};

const decodeBytes = (bytes: Uint8Array | string, name = "a.png") => decodeImage(temporaryFile(name, bytes));
const png = (channels: number, depth: 8 | 16, samples: number[]): Uint8Array =>
  encode({
    width: samples.length / channels,
    height: 1,
    channels,
    depth,
    data: depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples),
  });

describe("decodeImage reads", () => {
  it("lossless PNG, TIFF and WebP exactly", async () => {
    const expected = { width: WIDTH, height: HEIGHT, data: PIXELS };
    expect(await decodeBytes(await picture().png().toBuffer())).toEqual(expected);
    expect(await decodeBytes(await picture().tiff({ compression: "lzw" }).toBuffer())).toEqual(expected);
    expect(await decodeBytes(await picture().webp({ lossless: true }).toBuffer())).toEqual(expected);
  });

  it("JPEG, whatever the file is called", async () => {
    expect(await decodeBytes(await picture().jpeg().toBuffer(), "wrong.png")).toMatchObject({
      width: WIDTH,
      height: HEIGHT,
    });
  });

  it("one pixel", async () => {
    expect(await decodeBytes(png(3, 8, [1, 2, 3]))).toEqual({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3) });
  });

  it("the high byte of 16-bit samples, in colour and in grey", async () => {
    const color = await decodeBytes(png(3, 16, [0, 255, 256, 0x7fff, 0xfeff, 0xffff]));
    expect([...color.data]).toEqual([0, 0, 1, 127, 254, 255]);
    expect([...(await decodeBytes(png(1, 16, [511, 0xfeff]))).data]).toEqual([1, 1, 1, 254, 254, 254]);
  });

  it("grey as three equal channels, with and without alpha", async () => {
    expect([...(await decodeBytes(png(1, 8, [9, 200]))).data]).toEqual([9, 9, 9, 200, 200, 200]);
    expect([...(await decodeBytes(png(2, 8, [9, 0, 200, 128]))).data]).toEqual([9, 9, 9, 200, 200, 200]);
  });

  it("the colours under alpha, unblended", async () => {
    const { data } = await decodeBytes(png(4, 8, [10, 20, 30, 0, 40, 50, 60, 128]));
    expect([...data]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it("the colours of a palette", async () => {
    const colors = sharp(Buffer.from([10, 20, 30, 40, 50, 60]), { raw: { width: 2, height: 1, channels: 3 } });
    const indexed = await colors.png({ palette: true }).toBuffer();
    expect([...(await decodeBytes(indexed)).data]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])("the right side up, as a note says: orientation %i", async (orientation) => {
    const noted = await picture().withMetadata({ orientation }).png().toBuffer();
    const expected = upright({ width: WIDTH, height: HEIGHT, data: PIXELS }, 3, orientation);
    expect(await decodeBytes(noted)).toEqual({ ...expected, orientation });
    const path = temporaryFile("noted.png", noted);
    expect(await readImageHeader(path)).toMatchObject({ width: expected.width, height: expected.height, orientation });
  });

  it("inks as Pillow does, without a profile", async () => {
    // Recorded from Pillow 13: Image.new("CMYK", …).convert("RGB").
    const cmyk =
      "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwAEAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAABQAAABEBBAABAAAAjgAAABUBAwAB" +
      "AAAABAAAABYBBAABAAAAAQAAABcBBAABAAAACAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAIAL+8bAAKFB4o";
    expect([...(await decodeBytes(Buffer.from(cmyk, "base64"))).data]).toEqual([64, 67, 147, 207, 198, 190]);
  });

  it.each(Object.entries(BITMAPS))("a bitmap of %s", async (_, bytes) => {
    const colors = [10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3, 4, 5, 6, 250, 251, 252];
    expect(await decodeBytes(Buffer.from(bytes, "base64"), "a.bmp")).toEqual({
      width: 3,
      height: 2,
      data: Uint8Array.from(colors),
    });
  });

  it("the first frame of a GIF", async () => {
    const frames = Buffer.from([1, 2, 3, 9, 9, 9, 200, 0, 0, 0, 200, 0]);
    const gif = await sharp(frames, { raw: { width: 2, height: 2, channels: 3, pageHeight: 1 } })
      .gif()
      .toBuffer();
    const { width, height, data } = await decodeBytes(gif);
    expect([width, height, ...data]).toEqual([2, 1, 1, 2, 3, 9, 9, 9]);
  });

  it("stored pixels in spite of a colour profile", async () => {
    const wideGamut = await picture().withIccProfile("p3").png().toBuffer();
    const stored = await sharp(wideGamut, { ignoreIcc: true }).raw().toBuffer();
    expect((await decodeBytes(wideGamut)).data).toEqual(new Uint8Array(stored));
    expect((await decodeBytes(wideGamut)).data).not.toEqual(new Uint8Array(await sharp(wideGamut).raw().toBuffer()));
  });

  it("a file anew after it changed", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "a.png");
    await sharp(Buffer.from([1, 1, 1]), { raw: { width: 1, height: 1, channels: 3 } }).toFile(path);
    await decodeImage(path);
    await sharp(Buffer.from([2, 2, 2]), { raw: { width: 1, height: 1, channels: 3 } }).toFile(path);
    expect([...(await decodeImage(path)).data]).toEqual([2, 2, 2]);
  });
});

describe("decodeImage refuses", () => {
  it.each(["png", "jpeg", "webp", "tiff"] as const)("a %s that breaks off", async (format) => {
    const bytes = await picture().toFormat(format).toBuffer();
    for (const share of [0.2, 0.5, 0.9]) {
      await expect(decodeBytes(bytes.subarray(0, bytes.length * share), "cut")).rejects.toMatchObject({
        code: "image.damaged",
        message: expect.stringContaining('cut" is damaged or incomplete'),
      });
    }
  });

  it("a progressive JPEG that breaks off", async () => {
    const bytes = await picture().jpeg({ progressive: true }).toBuffer();
    await expect(decodeBytes(bytes.subarray(0, bytes.length * 0.9))).rejects.toMatchObject({ code: "image.damaged" });
  });

  it("a PNG with a flipped byte", async () => {
    const bytes = await picture().png().toBuffer();
    bytes[bytes.length >> 1] = Number(bytes[bytes.length >> 1]) ^ 0xff;
    await expect(decodeBytes(bytes)).rejects.toMatchObject({ code: "image.damaged" });
  });

  it.each([
    ["text", "hello"],
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg' width='2' height='2'/>"],
  ])("%s named .png, and says which formats there are", async (_, content) => {
    await expect(decodeBytes(content, "x.png")).rejects.toMatchObject({
      code: "image.format",
      message: expect.stringMatching(/x\.png" is not an image.*PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF/),
    });
  });

  it("a missing file", async () => {
    await expect(decodeImage(join(temporaryFolder(), "no.png"))).rejects.toMatchObject({ code: "input.missing" });
  });

  it("an empty file, and says that it is", async () => {
    await expect(decodeBytes("", "x.png")).rejects.toMatchObject({
      code: "image.damaged",
      message: expect.stringContaining('x.png" is empty'),
    });
  });

  it.each(["GIF89a", "BM", "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28"])("a file that breaks off after %j", async (head) => {
    await expect(decodeBytes(head)).rejects.toMatchObject({ code: "image.damaged" });
  });

  it("HEIC, where it can't be decoded, by its name", async () => {
    await expect(decodeBytes("\0\0\0\x18ftypheic\0\0\0\0", "x.heic")).rejects.toMatchObject({
      code: "image.format",
      message: expect.stringContaining('x.heic" is a HEIC file'),
    });
  });

  it("more pixels than the limit, before it decodes them", async () => {
    const huge = Buffer.from(png(3, 8, [1, 2, 3]));
    huge.writeUInt32BE(20_000, 16); // width and height in the header; the checksum is mended below
    huge.writeUInt32BE(20_000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    await expect(decodeBytes(huge)).rejects.toMatchObject({
      code: "image.size",
      message: expect.stringContaining("20000 x 20000"),
    });
  });
});
