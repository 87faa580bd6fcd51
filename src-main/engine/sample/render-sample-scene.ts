// The sample dataset's generator: a street, its picture in one of four conditions, and its exact classes.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { SAMPLE_DOMAINS, type SampleDomain } from "../../../src-shared/contract/sample-domains.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { createRandom, mixSeeds } from "../random.ts";
import { buildPlots } from "./build-plots.ts";
import { buildSidewalks } from "./build-sidewalks.ts";
import { buildTraffic } from "./build-traffic.ts";
import { chooseStreet } from "./choose-street.ts";
import { chooseLook, type DomainLook } from "./domain-look.ts";
import { addBloom } from "./effects/bloom.ts";
import { developPicture } from "./effects/develop.ts";
import { addLensDrops, addRainStreaks } from "./effects/rain.ts";
import { SceneGeometry } from "./geometry.ts";
import { type BuiltScene, renderRadiance } from "./render-radiance.ts";

export { SAMPLE_DOMAINS, type SampleDomain };

/** A picture and its ground truth, of the same size. */
export interface SampleScene {
  readonly image: RgbImage;
  /** Cityscapes trainIds 0..18, 255 where no class applies. */
  readonly labels: LabelMap;
}

export interface SampleSceneOptions {
  /** Of the whole dataset. */
  readonly seed: number;
  /** Of the scene in the dataset. */
  readonly index: number;
  readonly domain: SampleDomain;
  /** In pixels, 64 to 2048; twice the height shows streets as they are meant. */
  readonly width: number;
  /** In pixels, 32 to 1024. */
  readonly height: number;
}

/**
 * Renders one street. Seed and index alone decide what is in it, so the labels are the same in every domain.
 *
 * @throws AppError `input.option` when the size is out of range
 */
export function renderSampleScene(options: SampleSceneOptions): SampleScene {
  const { seed, index, domain, width, height } = options;
  checkSize("width", width, 64, 2048);
  checkSize("height", height, 32, 1024);
  const scene = buildScene(mixSeeds(seed, index));
  const weather = createRandom(mixSeeds(seed, index, 2));
  const look = chooseLook(domain, weather);
  const { light, labels } = renderRadiance(scene, look, width, height);
  addEffects(light, width, height, look, mixSeeds(seed, index, 3));
  const data = developPicture(light, width, height, look, mixSeeds(seed, index, 4) % 100_000);
  return { image: { width, height, data }, labels: { width, height, data: labels } };
}

function checkSize(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new AppError(
    "input.option",
    `Sample scene: ${name} is ${value}; give a whole number from ${least} to ${most}.`,
  );
}

function buildScene(seed: number): BuiltScene {
  const random = createRandom(seed);
  const street = chooseStreet(random);
  const geometry = new SceneGeometry();
  buildPlots(geometry, street, random);
  buildTraffic(geometry, street, random);
  buildSidewalks(geometry, street, random);
  return { plan: street.plan, pose: street.pose, geometry, skySeed: seed % 100_000 };
}

function addEffects(light: Float32Array, width: number, height: number, look: DomainLook, seed: number): void {
  const random = createRandom(seed);
  addBloom(light, width, height, look.bloom);
  if (look.domain !== "rain") return;
  addRainStreaks(light, width, height, random);
  addLensDrops(light, width, height, random);
}
