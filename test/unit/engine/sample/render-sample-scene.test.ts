// The sample generator: what seed, index, domain and size decide, and that all classes are there.
import { describe, expect, it } from "vitest";
import {
  renderSampleScene,
  SAMPLE_DOMAINS,
  type SampleDomain,
} from "../../../../src-main/engine/sample/render-sample-scene.ts";

const small = (index: number, domain: SampleDomain = "clear", seed = 1) =>
  renderSampleScene({ seed, index, domain, width: 128, height: 64 });

/** Mean and standard deviation of all bytes of a picture. */
function brightness(data: Uint8Array): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe("renderSampleScene", () => {
  it("gives the same bytes for the same seed, index and domain", () => {
    for (const domain of SAMPLE_DOMAINS) expect(small(3, domain)).toEqual(small(3, domain));
  });

  it("gives another street for another seed and for another index", () => {
    const scene = small(0);
    expect(small(0, "clear", 2).labels.data).not.toEqual(scene.labels.data);
    expect(small(1).labels.data).not.toEqual(scene.labels.data);
  });

  it("keeps the labels and changes the picture over domains", () => {
    const clear = small(5);
    for (const domain of ["fog", "night", "rain"] as const) {
      const other = small(5, domain);
      expect(other.labels).toEqual(clear.labels);
      expect(other.image.data).not.toEqual(clear.image.data);
    }
  });

  it("makes night darker than day, and fog and rain flatter", () => {
    const [clear, fog, night, rain] = SAMPLE_DOMAINS.map((domain) => brightness(small(2, domain).image.data));
    if (!clear || !fog || !night || !rain) throw new Error("four domains are expected");
    expect(night.mean).toBeLessThan(0.7 * clear.mean);
    expect(fog.deviation).toBeLessThan(0.8 * clear.deviation);
    expect(rain.deviation).toBeLessThan(clear.deviation);
  });

  it("labels only training ids and the ignore index", () => {
    for (let index = 0; index < 6; index++) {
      expect(small(index).labels.data.every((id) => id <= 18 || id === 255)).toBe(true);
    }
  });

  it("shows all 19 classes over a batch, and the large ones in every scene", () => {
    const scenesWith = new Array<number>(19).fill(0);
    const count = 30;
    for (let index = 0; index < count; index++) {
      const present = new Set(small(index, "fog").labels.data);
      for (const id of present) if (id < 19) scenesWith[id] = (scenesWith[id] ?? 0) + 1;
    }
    expect(Math.min(...scenesWith)).toBeGreaterThanOrEqual(6);
    // road, sidewalk, building, vegetation, sky
    for (const id of [0, 1, 2, 8, 10]) expect(scenesWith[id]).toBe(count);
  });

  it.each([
    [64, 32],
    [101, 67],
    [96, 160],
  ])("renders %i x %i pixels", (width, height) => {
    const { image, labels } = renderSampleScene({ seed: 4, index: 2, domain: "rain", width, height });
    expect([image.width, image.height, image.data.length]).toEqual([width, height, width * height * 3]);
    expect([labels.width, labels.height, labels.data.length]).toEqual([width, height, width * height]);
  });

  it("shows the same street at another size", () => {
    const coarse = small(6).labels.data;
    const fine = renderSampleScene({ seed: 1, index: 6, domain: "clear", width: 384, height: 192 }).labels.data;
    // A pixel's centre is the centre of the middle one of its 3 x 3 finer pixels.
    let equal = 0;
    for (let i = 0; i < coarse.length; i++) {
      const [x, y] = [i % 128, Math.floor(i / 128)];
      if (coarse[i] === fine[(3 * y + 1) * 384 + 3 * x + 1]) equal++;
    }
    expect(equal / coarse.length).toBeGreaterThan(0.985);
  });

  it.each([
    [32, 32],
    [4096, 1024],
    [128.5, 64],
  ])("refuses %f x %f pixels in one sentence", (width, height) => {
    expect(() => renderSampleScene({ seed: 1, index: 0, domain: "clear", width, height })).toThrowError(
      /^Sample scene: width is .*; give a whole number from 64 to 2048\.$/,
    );
  });
});
