// How each domain lights and veils the street: sun, sky, lamps, fog, wet ground, exposure.
import type { SampleDomain } from "../../../src-shared/contract/sample-domains.ts";
import type { Random } from "../random.ts";
import type { Vec3 } from "./geometry.ts";
import type { Color } from "./surface.ts";

/** Light and weather of one picture. Colours are linear radiance, where a white wall in the sun is about 2. */
export interface DomainLook {
  readonly domain: SampleDomain;
  readonly toSun: Vec3;
  /** Zero when the sun is hidden: then nothing casts a hard shadow. */
  readonly sunColor: Color;
  readonly ambientSky: Color;
  readonly ambientGround: Color;
  readonly skyTop: Color;
  readonly skyHorizon: Color;
  readonly cloudColor: Color;
  readonly cloudCover: number;
  /** 0 by day, 1 when street lamps are on; a little in between for headlights in bad weather. */
  readonly darkness: number;
  /** 0 dry, 1 soaked: the ground darkens and mirrors. */
  readonly wetness: number;
  /** Extinction β per metre of Koschmieder's law. */
  readonly fogDensity: number;
  readonly airlight: Color;
  readonly exposure: number;
  readonly saturation: number;
  /** Share of bright light that spreads around its source. */
  readonly bloom: number;
  /** Standard deviation of the sensor's noise, of full scale. */
  readonly sensorNoise: number;
}

const scaled = (color: Color, by: number): Color => [color[0] * by, color[1] * by, color[2] * by];

/** Draws a domain's look from the stream; every domain draws the same numbers, so that the sun stands alike. */
export function chooseLook(domain: SampleDomain, random: Random): DomainLook {
  const azimuth = random.uniform(-2.4, 2.4);
  const elevation = random.uniform(0.62, 1.1);
  const toSun: Vec3 = [
    Math.sin(azimuth) * Math.cos(elevation),
    Math.sin(elevation),
    Math.cos(azimuth) * Math.cos(elevation),
  ];
  const vary = random.next();
  const haze = random.next();
  switch (domain) {
    case "clear":
      return clearLook(toSun, vary, haze);
    case "fog":
      return fogLook(toSun, vary, haze);
    case "night":
      return nightLook(toSun, vary, haze);
    case "rain":
      return rainLook(toSun, vary, haze);
    default:
      return domain satisfies never;
  }
}

function clearLook(toSun: Vec3, vary: number, haze: number): DomainLook {
  const warmth = 1 - toSun[1];
  return {
    domain: "clear",
    toSun,
    sunColor: [3.7, 3.35 - 0.4 * warmth, 2.85 - 0.9 * warmth],
    ambientSky: [0.6, 0.68, 0.82],
    ambientGround: [0.34, 0.31, 0.27],
    skyTop: scaled([0.1, 0.27, 0.74], 0.9 + 0.3 * vary),
    skyHorizon: [0.66, 0.84, 1.08],
    cloudColor: [1.75, 1.7, 1.66],
    cloudCover: 0.2 + 0.42 * haze,
    darkness: 0,
    wetness: 0,
    fogDensity: 0.0006 + 0.0008 * haze,
    airlight: [0.72, 0.83, 0.98],
    exposure: 0.86 + 0.16 * vary,
    saturation: 1.12,
    bloom: 0.03,
    sensorNoise: 0.007,
  };
}

function fogLook(toSun: Vec3, vary: number, haze: number): DomainLook {
  const airlight = scaled([0.86, 0.89, 0.93], 0.92 + 0.2 * vary);
  return {
    domain: "fog",
    toSun,
    sunColor: [0, 0, 0],
    ambientSky: [0.98, 1.02, 1.08],
    ambientGround: [0.42, 0.42, 0.42],
    skyTop: airlight,
    skyHorizon: airlight,
    cloudColor: airlight,
    cloudCover: 0,
    darkness: 0.08,
    wetness: 0.12,
    // Visibility 3 / β (5 % contrast) of about 200 to 400 m.
    fogDensity: 0.0075 + 0.0075 * haze,
    airlight,
    exposure: 1.02,
    saturation: 0.8,
    bloom: 0.1,
    sensorNoise: 0.008,
  };
}

function nightLook(toSun: Vec3, vary: number, haze: number): DomainLook {
  return {
    domain: "night",
    toSun,
    sunColor: [0, 0, 0],
    ambientSky: scaled([0.075, 0.09, 0.14], 0.75 + 0.5 * vary),
    ambientGround: [0.035, 0.031, 0.028],
    skyTop: [0.007, 0.014, 0.042],
    skyHorizon: [0.045, 0.047, 0.072],
    cloudColor: [0.04, 0.038, 0.052],
    cloudCover: 0.3 + 0.3 * haze,
    darkness: 1,
    wetness: 0.1,
    fogDensity: 0.003,
    airlight: [0.035, 0.035, 0.045],
    exposure: 2.2,
    saturation: 0.92,
    bloom: 0.14,
    sensorNoise: 0.016,
  };
}

function rainLook(toSun: Vec3, vary: number, haze: number): DomainLook {
  const dim = 0.95 + 0.25 * vary;
  return {
    domain: "rain",
    toSun,
    sunColor: [0, 0, 0],
    ambientSky: scaled([0.52, 0.57, 0.64], dim),
    ambientGround: [0.16, 0.165, 0.175],
    skyTop: scaled([0.4, 0.44, 0.5], dim),
    skyHorizon: scaled([0.72, 0.76, 0.81], dim),
    cloudColor: scaled([0.33, 0.36, 0.41], dim),
    cloudCover: 0.75,
    darkness: 0.16,
    wetness: 1,
    fogDensity: 0.003 + 0.003 * haze,
    airlight: scaled([0.58, 0.62, 0.67], dim),
    exposure: 1.06,
    saturation: 0.9,
    bloom: 0.12,
    sensorNoise: 0.012,
  };
}
