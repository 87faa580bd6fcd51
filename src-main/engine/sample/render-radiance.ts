// Turns a drawn scene into light: resolves each sample's nearest surface, shades, lights and veils it, and filters samples to pixels.
import { transmission, veil } from "./atmosphere.ts";
import type { DomainLook } from "./domain-look.ts";
import type { SceneGeometry } from "./geometry.ts";
import { GROUND_LABEL, type GroundHit, hitGround, shadeGround } from "./ground.ts";
import { type Lights, lightPoint } from "./lighting.ts";
import { fractalNoise, smoothStep } from "./noise.ts";
import { drawGeometry, FAR, GeometryBuffer } from "./raster.ts";
import { GroundOcclusion, SunShadow } from "./shadows.ts";
import { skyRadiance } from "./sky.ts";
import type { StreetPlan } from "./street-plan.ts";
import { LABEL, ShadePoint } from "./surface.ts";
import { type CameraPose, createCameraView, type View } from "./view.ts";

/** A scene ready to be looked at. */
export interface BuiltScene {
  readonly plan: StreetPlan;
  readonly pose: CameraPose;
  readonly geometry: SceneGeometry;
  readonly skySeed: number;
}

/** Light per pixel, linear, [H, W, 3]; and classes at pixel centres, [H, W]. */
export interface RenderedLight {
  readonly light: Float32Array;
  readonly labels: Uint8Array;
}

/** No sample counts for more than this, or the edge of a lamp would stay jagged. */
const BRIGHTEST = 9;

/** Renders the scene at `width` x `height` pixels in the given light. */
export function renderRadiance(scene: BuiltScene, look: DomainLook, width: number, height: number): RenderedLight {
  const view = createCameraView(scene.pose, width, height, 2);
  const buffer = new GeometryBuffer(view.width, view.height);
  drawGeometry(scene.geometry, view, buffer);
  const hasSun = look.sunColor[0] > 0;
  const lights: Lights = {
    look,
    sunShadow: hasSun ? new SunShadow(scene.geometry, look.toSun) : null,
    lamps: look.darkness === 1 ? [...scene.geometry.lamps, ownHeadlights(scene.pose)] : [],
    skySeed: scene.skySeed,
  };
  const mirror = look.wetness > 0.5 ? renderMirror(scene, lights, width, height) : null;
  return new Resolver(scene, view, buffer, lights, mirror).resolve(width, height);
}

/** At night our own headlights light the road ahead. */
function ownHeadlights(pose: CameraPose): Lights["lamps"][number] {
  return {
    position: [pose.x, 0.7, 1],
    color: [50, 48, 43],
    range: 48,
    aim: [Math.sin(pose.yaw), -0.05, Math.cos(pose.yaw)],
  };
}

/** The street upside down, as wet ground mirrors it; one sample per pixel, smeared downwards by the rough road. */
function renderMirror(scene: BuiltScene, lights: Lights, width: number, height: number): Float32Array {
  const view: View = { ...createCameraView(scene.pose, width, height, 1), mirrored: true };
  const buffer = new GeometryBuffer(view.width, view.height);
  drawGeometry(scene.geometry, view, buffer);
  const light = new Resolver(scene, view, buffer, lights, null).resolveMirror();
  const radius = Math.max(1, Math.round(height * 0.012));
  return smearDown(smearDown(light, width, height, radius), width, height, radius);
}

function smearDown(light: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(light.length);
  const stride = width * 3;
  for (let i = 0; i < stride; i++) {
    let sum = 0;
    for (let y = -radius; y <= radius; y++) sum += light[Math.max(0, y) * stride + i] as number;
    for (let y = 0; y < height; y++) {
      out[y * stride + i] = sum / (2 * radius + 1);
      const [leaving, entering] = [Math.max(0, y - radius), Math.min(height - 1, y + radius + 1)];
      sum += (light[entering * stride + i] as number) - (light[leaving * stride + i] as number);
    }
  }
  return out;
}

/** Shades samples of one view. */
class Resolver {
  readonly #scene: BuiltScene;
  readonly #view: View;
  readonly #buffer: GeometryBuffer;
  readonly #lights: Lights;
  readonly #mirror: Float32Array | null;
  readonly #occlusion: GroundOcclusion;
  readonly #point = new ShadePoint();
  readonly #ground: GroundHit = { depth: 0, x: 0, y: 0, z: 0, s: 0, kind: "road" };
  readonly #light = new Float64Array(3);
  #label = 0;

  constructor(scene: BuiltScene, view: View, buffer: GeometryBuffer, lights: Lights, mirror: Float32Array | null) {
    this.#scene = scene;
    this.#view = view;
    this.#buffer = buffer;
    this.#lights = lights;
    this.#mirror = mirror;
    this.#occlusion = new GroundOcclusion(scene.geometry.contactShadows);
  }

  /** Two samples per pixel and direction, blended with a tent; the class is the one at the pixel's centre. */
  resolve(width: number, height: number): RenderedLight {
    const light = new Float32Array(width * height * 3);
    const labels = new Uint8Array(width * height);
    for (let y = 0; y < this.#view.height; y++) {
      for (let x = 0; x < this.#view.width; x++) {
        this.#shadeSample(x, y);
        const isCenter = x % 2 === 1 && y % 2 === 1;
        if (isCenter) labels[((y - 1) / 2) * width + (x - 1) / 2] = this.#label;
        this.#spread(light, x, y, width, height);
      }
    }
    return { light, labels };
  }

  /** Adds a sample to the pixels it lies in or on the border of. */
  #spread(light: Float32Array, x: number, y: number, width: number, height: number): void {
    const weight = (x % 2 === 1 ? 2 : 1) * (y % 2 === 1 ? 2 : 1) * 0.0625;
    const [xFrom, xTo] = x % 2 === 1 ? [(x - 1) / 2, (x - 1) / 2] : [x / 2 - 1, x / 2];
    const [yFrom, yTo] = y % 2 === 1 ? [(y - 1) / 2, (y - 1) / 2] : [y / 2 - 1, y / 2];
    const r = Math.min(BRIGHTEST, this.#light[0] as number) * weight;
    const g = Math.min(BRIGHTEST, this.#light[1] as number) * weight;
    const b = Math.min(BRIGHTEST, this.#light[2] as number) * weight;
    for (let py = Math.max(0, yFrom); py <= Math.min(height - 1, yTo); py++) {
      for (let px = Math.max(0, xFrom); px <= Math.min(width - 1, xTo); px++) {
        const i = (py * width + px) * 3;
        light[i] = (light[i] as number) + r;
        light[i + 1] = (light[i + 1] as number) + g;
        light[i + 2] = (light[i + 2] as number) + b;
      }
    }
  }

  /** The mirrored view has one sample per pixel, and no ground. */
  resolveMirror(): Float32Array {
    const { width, height } = this.#view;
    const light = new Float32Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        this.#shadeSample(x, y);
        for (let c = 0; c < 3; c++) light[(y * width + x) * 3 + c] = Math.min(BRIGHTEST, this.#light[c] as number);
      }
    }
    return light;
  }

  #shadeSample(x: number, y: number): void {
    const { right, up, forward, focal, centerX, centerY, position, mirrored } = this.#view;
    const [a, b] = [(x - centerX) / focal, (centerY - y) / focal];
    const dx = forward[0] + right[0] * a + up[0] * b;
    const dy = forward[1] + right[1] * a + up[1] * b;
    const dz = forward[2] + right[2] * a + up[2] * b;
    const i = y * this.#view.width + x;
    const nearness = this.#buffer.nearness[i] as number;
    const hitsGround = !mirrored && hitGround(this.#scene.plan, position, dx, dy, dz, this.#ground);
    const groundNearness = hitsGround ? 1 / this.#ground.depth : FAR;
    this.#label = this.#labelAt(i, groundNearness);
    const perDepth = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const flip = mirrored ? -1 : 1;
    if (nearness <= groundNearness && hitsGround) this.#shadeGround(x, y, dx, dy, dz, perDepth);
    else if (nearness > FAR) this.#shadeSurface(i, nearness, dx, dy, dz, perDepth);
    else
      skyRadiance(
        this.#lights.look,
        dx / perDepth,
        (flip * dy) / perDepth,
        dz / perDepth,
        this.#lights.skySeed,
        this.#light,
      );
  }

  #labelAt(i: number, groundNearness: number): number {
    const nearness = this.#buffer.labelNearness[i] as number;
    if (groundNearness > FAR && groundNearness >= nearness) return GROUND_LABEL[this.#ground.kind];
    return nearness > FAR ? (this.#buffer.labels[i] as number) : LABEL.sky;
  }

  #resetPoint(depth: number): ShadePoint {
    const point = this.#point;
    point.gloss = 0;
    point.er = 0;
    point.eg = 0;
    point.eb = 0;
    point.footprint = depth / this.#view.focal;
    point.darkness = this.#lights.look.darkness;
    return point;
  }

  #shadeSurface(i: number, nearness: number, dx: number, dy: number, dz: number, perDepth: number): void {
    const buffer = this.#buffer;
    const { position, mirrored } = this.#view;
    const depth = 1 / nearness;
    const flip = mirrored ? -1 : 1;
    const point = this.#resetPoint(depth);
    point.u = buffer.u[i] as number;
    point.v = buffer.v[i] as number;
    point.x = position[0] + dx * depth;
    point.y = flip * (position[1] + dy * depth);
    point.z = position[2] + dz * depth;
    const realDy = flip * dy;
    const [nx, ny, nz] = [
      buffer.normals[3 * i] as number,
      buffer.normals[3 * i + 1] as number,
      buffer.normals[3 * i + 2] as number,
    ];
    // Polygons have two sides: show the one that faces us.
    const towards = nx * dx + ny * realDy + nz * dz > 0 ? -1 : 1;
    const size = towards / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1);
    point.nx = nx * size;
    point.ny = ny * size;
    point.nz = nz * size;
    const surface = buffer.surfaces[(buffer.surfaceIds[i] as number) - 1];
    surface?.shade(point);
    const openness = 0.58 + 0.42 * smoothStep(0, 1.6, point.y);
    lightPoint(this.#lights, point, openness, dx / perDepth, realDy / perDepth, dz / perDepth, this.#light);
    this.#veil(depth * perDepth);
  }

  #shadeGround(x: number, y: number, dx: number, dy: number, dz: number, perDepth: number): void {
    const hit = this.#ground;
    const point = this.#resetPoint(hit.depth);
    point.x = hit.x;
    point.y = hit.y;
    point.z = hit.z;
    const isFace = hit.kind === "kerbFace";
    point.nx = isFace ? -Math.sign(hit.s) : 0;
    point.ny = isFace ? 0 : 1;
    point.nz = 0;
    // The ground's footprint along the view is longer than across; half of it decides what texture is left out.
    point.footprint *= 1 + 0.18 * Math.min(6, Math.abs(perDepth / dy) - 1);
    shadeGround(this.#scene.plan, hit, point);
    const openness = this.#occlusion.lightAt(hit.x, hit.z);
    const { wetness } = this.#lights.look;
    const dampness = 1 - 0.5 * wetness * (hit.kind === "grass" ? 0.4 : 1);
    point.r *= dampness;
    point.g *= dampness;
    point.b *= dampness;
    lightPoint(this.#lights, point, openness, dx / perDepth, dy / perDepth, dz / perDepth, this.#light);
    if (this.#mirror && hit.kind !== "grass") this.#addMirror(x, y, Math.abs(dy) / perDepth, openness);
    this.#veil(hit.depth * perDepth);
  }

  /** Wet ground: puddles mirror, the rest shines by Schlick's Fresnel term. */
  #addMirror(x: number, y: number, facing: number, openness: number): void {
    const mirror = this.#mirror;
    if (!mirror) return;
    const hit = this.#ground;
    const [width, height] = [(this.#view.width - 1) / 2, (this.#view.height - 1) / 2];
    const puddle = smoothStep(0.5, 0.62, fractalNoise(hit.s * 0.4, hit.z * 0.16, 3, this.#scene.plan.seed + 61));
    const film = hit.kind === "road" ? 0.5 + 0.5 * puddle : 0.3 + 0.45 * puddle;
    const fresnel = 0.03 + 0.97 * (1 - facing) ** 5;
    const share = Math.min(0.92, film * fresnel * 1.25) * (0.5 + 0.5 * openness) * this.#lights.look.wetness;
    const ripple = (fractalNoise(hit.s * 3, hit.z * 1.2, 2, 17) - 0.5) * (1 - 0.6 * puddle) * height * 0.03;
    const px = Math.min(width - 1, Math.max(0, Math.round(x / 2 - 0.5 + ripple)));
    const py = Math.min(height - 1, Math.max(0, Math.round(y / 2 - 0.5 + ripple * 0.6)));
    for (let c = 0; c < 3; c++) {
      const seen = mirror[(py * width + px) * 3 + c] as number;
      this.#light[c] = (this.#light[c] as number) * (1 - share) + seen * share;
    }
  }

  #veil(distance: number): void {
    const { look } = this.#lights;
    const passed = transmission(distance, look.fogDensity);
    for (let c = 0; c < 3; c++) this.#light[c] = veil(this.#light[c] as number, look.airlight[c] as number, passed);
  }
}
