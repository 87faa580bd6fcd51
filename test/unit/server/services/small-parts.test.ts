// The parts of the datasets' service: telling not too often, the newest first, what a file is.
import sharp from "sharp";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Coalescer } from "../../../../src-main/server/services/coalesce.ts";
import { NewestFirst } from "../../../../src-main/server/services/newest-first.ts";
import { sniffImage } from "../../../../src-main/server/services/sniff-image.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("tells of changes at once, then once an interval, and of the last one always", () => {
  const told: string[] = [];
  const changes = new Coalescer<string>(250, (key) => told.push(key));
  for (let i = 0; i < 5; i += 1) changes.changed("a");
  changes.changed("b");
  expect(told).toEqual(["a", "b"]);
  vi.advanceTimersByTime(250);
  expect(told).toEqual(["a", "b", "a"]);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(3);
  changes.changed("a");
  changes.changed("a");
  changes.ended("a");
  expect(told.slice(3)).toEqual(["a", "a"]);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(5);
});

test("does the newest first, a few at a time, and goes on after a failure", async () => {
  const order: number[] = [];
  const queue = new NewestFirst(2);
  const finish: (() => void)[] = [];
  const work = (n: number) =>
    queue.run(async () => {
      order.push(n);
      await new Promise<void>((resolve) => finish.push(resolve));
      if (n === 1) throw new Error("one");
    });
  const all = Promise.allSettled([0, 1, 2, 3, 4].map(work));
  for (let i = 0; i < 5; i += 1) {
    await vi.advanceTimersByTimeAsync(0); // all that only waits for promises happens
    expect(finish.length).toBeGreaterThan(i);
    expect(order.length - i).toBeLessThanOrEqual(2);
    finish[i]?.();
  }
  expect((await all).map(({ status }) => status === "rejected")).toEqual([false, true, false, false, false]);
  expect(order).toEqual([0, 1, 4, 3, 2]);
});

test("tells formats by their first bytes", () => {
  expect(sniffImage(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))).toEqual({ type: "image/png", isReadOtherwise: false });
  expect(sniffImage(Buffer.from("RIFF1234WEBPVP8 "))).toEqual({ type: "image/webp", isReadOtherwise: false });
  for (const other of ["", "II*\0", "<svg>", "RIFF1234WAVE"])
    expect(sniffImage(Buffer.from(other, "latin1"))).toBeNull();
});

test("sees that an image is to be turned, or printed, whatever its format", async () => {
  const picture = sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } });
  const noted = () => picture.clone().withMetadata({ orientation: 6 });
  for (const file of [await noted().png().toBuffer(), await noted().webp().toBuffer(), await noted().jpeg().toBuffer()])
    expect(sniffImage(file)?.isReadOtherwise).toBe(true);
  expect(sniffImage(await picture.clone().toColourspace("cmyk").jpeg().toBuffer())?.isReadOtherwise).toBe(true);
  for (const file of [await picture.png().toBuffer(), await picture.webp().toBuffer(), await picture.jpeg().toBuffer()])
    expect(sniffImage(file)?.isReadOtherwise).toBe(false);
});

test.each(["II", "MM"])("sees that a JPEG is to be turned, with bytes in the order %s", (order) => {
  expect(sniffImage(jpeg(order, 6))).toEqual({ type: "image/jpeg", isReadOtherwise: true });
  expect(sniffImage(jpeg(order, 1))).toEqual({ type: "image/jpeg", isReadOtherwise: false });
});

test("takes a JPEG whose notes break off as upright", () => {
  const whole = jpeg("MM", 6);
  for (let length = 3; length < whole.length - 4; length += 1) {
    expect(sniffImage(whole.subarray(0, length))?.type).toBe("image/jpeg");
  }
});

/** Start, a JFIF segment, an Exif segment with one entry: the orientation. */
function jpeg(order: string, orientation: number): Buffer {
  const isLittle = order === "II";
  const tiff = Buffer.alloc(26);
  const uint16 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const uint32 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(order, 0, "latin1");
  uint16(42, 2);
  uint32(8, 4);
  uint16(1, 8);
  uint16(0x0112, 10);
  uint16(3, 12);
  uint32(1, 14);
  uint16(orientation, 18);
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const segment = (marker: number, content: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  };
  const parts = [
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("JFIF\0")),
    segment(0xe1, exif),
    segment(0xda, Buffer.alloc(4)),
  ];
  return Buffer.concat(parts);
}
