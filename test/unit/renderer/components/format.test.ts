// Numbers and names as people read them.
import { describe, expect, it } from "vitest";
import {
  countOf,
  formatBytes,
  formatDuration,
  formatGain,
  formatPercent,
  formatShare,
  lastPart,
  shortName,
} from "../../../../src-renderer/components/format.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [150 * 1024 ** 2, "150 MiB"],
    [3.25 * 1024 ** 3, "3.3 GiB"],
  ])("%s bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [850, "850 ms"],
    [8300, "8.3 s"],
    [42_000, "42 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
  ])("%s ms are %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("shares, gains and counts", () => {
    expect(formatShare(0.4321)).toBe("43.2\u00a0%");
    expect(formatPercent(0.4321)).toBe("43\u00a0%");
    expect(formatShare(null)).toBe("–");
    expect(formatGain(0.012)).toBe("+1.2");
    expect(formatGain(-0.012)).toBe("−1.2");
    expect(countOf(1, "image")).toBe("1 image");
    expect(countOf(100_000, "image")).toBe("100,000 images");
  });
});

describe("names of files", () => {
  it("are the last part of a path of either kind", () => {
    expect(lastPart("/data/night/")).toBe("night");
    expect(lastPart("C:\\data\\night.pth")).toBe("night.pth");
  });

  it("get the folder that says something when they say little themselves", () => {
    expect(shortName("fog/images/000.png")).toBe("fog/000.png");
    expect(shortName("images/000.png")).toBe("000.png");
    expect(shortName("train/zurich_000000_000019.png")).toBe("zurich_000000_000019.png");
  });
});
