// The rasteriser: draws a scene's polygons, cones and clumps into a buffer that keeps, per sample, the nearest surface.
import type { Clump, Polygon, RoundCone, SceneGeometry, Vertex } from "./geometry.ts";
import { fractalNoise } from "./noise.ts";
import type { Surface } from "./surface.ts";
import { NEAR_M, type View } from "./view.ts";

/** Nearness of what nothing covers. */
export const FAR = -1e9;

/**
 * What is nearest at each sample of a view. Nearness is 1 / depth in perspective views and -depth in parallel ones, so
 * that larger is nearer and it is linear over the picture.
 */
export class GeometryBuffer {
  readonly width: number;
  readonly height: number;
  readonly nearness: Float32Array;
  /** 1 + index into `surfaces`; 0 is background. */
  readonly surfaceIds: Uint16Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** Normals, three bytes per sample, 127 is one. */
  readonly normals: Int8Array;
  /** Classes are kept apart from colours: a hole in a fence shows what is behind it, and is still fence. */
  readonly labelNearness: Float32Array;
  readonly labels: Uint8Array;
  readonly surfaces: Surface[] = [];
  readonly #ids = new Map<Surface, number>();

  constructor(width: number, height: number) {
    const size = width * height;
    this.width = width;
    this.height = height;
    this.nearness = new Float32Array(size).fill(FAR);
    this.surfaceIds = new Uint16Array(size);
    this.u = new Float32Array(size);
    this.v = new Float32Array(size);
    this.normals = new Int8Array(size * 3);
    this.labelNearness = new Float32Array(size).fill(FAR);
    this.labels = new Uint8Array(size);
  }

  idOf(surface: Surface): number {
    const known = this.#ids.get(surface);
    if (known !== undefined) return known;
    this.surfaces.push(surface);
    this.#ids.set(surface, this.surfaces.length);
    return this.surfaces.length;
  }
}

/** Draws everything in the scene as the view sees it. */
export function drawGeometry(scene: SceneGeometry, view: View, buffer: GeometryBuffer): void {
  for (const polygon of scene.polygons) drawPolygon(polygon, view, buffer);
  for (const cone of scene.cones) drawCone(cone, view, buffer);
  for (const clump of scene.clumps) drawClump(clump, view, buffer);
}

/** A corner in view space (metres), with what is interpolated over the polygon. */
interface Corner {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly u: number;
  readonly v: number;
}

function inView(view: View, x: number, worldY: number, z: number): [number, number, number] {
  const dx = x - view.position[0];
  const dy = (view.mirrored ? -worldY : worldY) - view.position[1];
  const dz = z - view.position[2];
  const { right, up, forward } = view;
  return [
    dx * right[0] + dy * right[1] + dz * right[2],
    dx * up[0] + dy * up[1] + dz * up[2],
    dx * forward[0] + dy * forward[1] + dz * forward[2],
  ];
}

function cornerOf(view: View, vertex: Vertex): Corner {
  const [x, y, z] = inView(view, vertex.x, vertex.y, vertex.z);
  return { x, y, z, u: vertex.u, v: vertex.v };
}

/** Cuts off what lies before the near plane. */
function clipNear(corners: readonly Corner[]): Corner[] {
  const kept: Corner[] = [];
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length] ?? corner;
    if (corner.z >= NEAR_M) kept.push(corner);
    if (corner.z >= NEAR_M === next.z >= NEAR_M) return;
    const t = (NEAR_M - corner.z) / (next.z - corner.z);
    kept.push({
      x: corner.x + (next.x - corner.x) * t,
      y: corner.y + (next.y - corner.y) * t,
      z: NEAR_M,
      u: corner.u + (next.u - corner.u) * t,
      v: corner.v + (next.v - corner.v) * t,
    });
  });
  return kept;
}

/** A corner on the picture: position in samples, nearness, and u, v as they are linear there. */
interface Projected {
  readonly x: number;
  readonly y: number;
  readonly nearness: number;
  readonly weight: number;
  readonly u: number;
  readonly v: number;
}

function projectCorner(view: View, corner: Corner): Projected {
  const weight = view.perspective ? 1 / corner.z : 1;
  return {
    x: view.centerX + view.focal * corner.x * weight,
    y: view.centerY - view.focal * corner.y * weight,
    nearness: view.perspective ? weight : -corner.z,
    weight,
    u: corner.u * weight,
    v: corner.v * weight,
  };
}

function drawPolygon(polygon: Polygon, view: View, buffer: GeometryBuffer): void {
  const corners = polygon.vertices.map((vertex) => cornerOf(view, vertex));
  const clipped = view.perspective ? clipNear(corners) : corners;
  const first = clipped[0];
  const normal = polygon.vertices[0];
  if (!first || !normal || clipped.length < 3) return;
  const id = buffer.idOf(polygon.surface);
  const a = projectCorner(view, first);
  for (let i = 1; i + 1 < clipped.length; i++) {
    const [second, third] = [clipped[i], clipped[i + 1]];
    if (second && third) fillTriangle(a, projectCorner(view, second), projectCorner(view, third), polygon, id, buffer);
  }
}

/** value = atOrigin + perX * x + perY * y over the picture, through the values at a triangle's corners. */
class Plane {
  readonly perX: number;
  readonly perY: number;
  readonly atOrigin: number;

  constructor(a: Projected, b: Projected, c: Projected, area: number, va: number, vb: number, vc: number) {
    this.perX = ((vb - va) * (c.y - a.y) - (vc - va) * (b.y - a.y)) / area;
    this.perY = ((vc - va) * (b.x - a.x) - (vb - va) * (c.x - a.x)) / area;
    this.atOrigin = va - this.perX * a.x - this.perY * a.y;
  }
}

function fillTriangle(
  a: Projected,
  b: Projected,
  c: Projected,
  polygon: Polygon,
  id: number,
  out: GeometryBuffer,
): void {
  const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  if (Math.abs(area) < 1e-9) return;
  const yFrom = Math.max(0, Math.ceil(Math.min(a.y, b.y, c.y)));
  const yTo = Math.min(out.height - 1, Math.floor(Math.max(a.y, b.y, c.y)));
  if (yFrom > yTo) return;
  const near = new Plane(a, b, c, area, a.nearness, b.nearness, c.nearness);
  const weight = new Plane(a, b, c, area, a.weight, b.weight, c.weight);
  const uPlane = new Plane(a, b, c, area, a.u, b.u, c.u);
  const vPlane = new Plane(a, b, c, area, a.v, b.v, c.v);
  const normal = polygon.vertices[0];
  const [nx, ny, nz] = normal ? [normal.nx * 127, normal.ny * 127, normal.nz * 127] : [0, 127, 0];
  const { cover, label } = polygon.surface;

  for (let y = yFrom; y <= yTo; y++) {
    const span = rowSpan(y, a, b, c);
    const xFrom = Math.max(0, Math.ceil(span[0] - 1e-4));
    const xTo = Math.min(out.width - 1, Math.floor(span[1] + 1e-4));
    for (let x = xFrom; x <= xTo; x++) {
      const i = y * out.width + x;
      const q = near.atOrigin + near.perX * x + near.perY * y;
      const isNearest = q > (out.nearness[i] as number);
      const isNearestLabel = q > (out.labelNearness[i] as number);
      if (!isNearest && !isNearestLabel) continue;
      const w = 1 / (weight.atOrigin + weight.perX * x + weight.perY * y);
      const u = (uPlane.atOrigin + uPlane.perX * x + uPlane.perY * y) * w;
      const v = (vPlane.atOrigin + vPlane.perX * x + vPlane.perY * y) * w;
      const covered = cover ? cover(u, v) : "solid";
      if (covered === "nothing") continue;
      if (isNearestLabel) {
        out.labelNearness[i] = q;
        out.labels[i] = label;
      }
      if (!isNearest || covered === "hole") continue;
      out.nearness[i] = q;
      out.surfaceIds[i] = id;
      out.u[i] = u;
      out.v[i] = v;
      out.normals[3 * i] = nx;
      out.normals[3 * i + 1] = ny;
      out.normals[3 * i + 2] = nz;
    }
  }
}

const SPAN: [number, number] = [0, 0];

/** Where a row enters and leaves a triangle. */
function rowSpan(y: number, a: Projected, b: Projected, c: Projected): readonly [number, number] {
  SPAN[0] = Number.POSITIVE_INFINITY;
  SPAN[1] = Number.NEGATIVE_INFINITY;
  widenSpan(y, a, b);
  widenSpan(y, b, c);
  widenSpan(y, c, a);
  return SPAN;
}

function widenSpan(y: number, p: Projected, q: Projected): void {
  if ((y < p.y && y < q.y) || (y > p.y && y > q.y)) return;
  if (p.y === q.y) {
    SPAN[0] = Math.min(SPAN[0], p.x, q.x);
    SPAN[1] = Math.max(SPAN[1], p.x, q.x);
    return;
  }
  const x = p.x + ((q.x - p.x) * (y - p.y)) / (q.y - p.y);
  SPAN[0] = Math.min(SPAN[0], x);
  SPAN[1] = Math.max(SPAN[1], x);
}

/** Writes one sample of a rounded body; `n` is its normal in view axes (right, up, forward). */
function putRound(
  out: GeometryBuffer,
  view: View,
  i: number,
  q: number,
  surface: Surface,
  id: number,
  u: number,
  v: number,
  n: readonly [number, number, number],
): void {
  if (q > (out.labelNearness[i] as number)) {
    out.labelNearness[i] = q;
    out.labels[i] = surface.label;
  }
  if (q <= (out.nearness[i] as number)) return;
  out.nearness[i] = q;
  out.surfaceIds[i] = id;
  out.u[i] = u;
  out.v[i] = v;
  const { right, up, forward } = view;
  const ny = n[0] * right[1] + n[1] * up[1] + n[2] * forward[1];
  out.normals[3 * i] = 127 * (n[0] * right[0] + n[1] * up[0] + n[2] * forward[0]);
  out.normals[3 * i + 1] = 127 * (view.mirrored ? -ny : ny);
  out.normals[3 * i + 2] = 127 * (n[0] * right[2] + n[1] * up[2] + n[2] * forward[2]);
}

/** Thin things keep at least this radius in samples, or far poles would break into dots. */
const LEAST_RADIUS = 0.55;

function drawCone(cone: RoundCone, view: View, out: GeometryBuffer): void {
  const [ax, ay, az] = inView(view, cone.from[0], cone.from[1], cone.from[2]);
  const [bx, by, bz] = inView(view, cone.to[0], cone.to[1], cone.to[2]);
  if (view.perspective && (az < NEAR_M || bz < NEAR_M)) return;
  const scaleA = view.perspective ? view.focal / az : view.focal;
  const scaleB = view.perspective ? view.focal / bz : view.focal;
  const radiusA = Math.max(LEAST_RADIUS, cone.fromRadius * scaleA);
  const radiusB = Math.max(LEAST_RADIUS, cone.toRadius * scaleB);
  const [pax, pay] = [view.centerX + ax * scaleA, view.centerY - ay * scaleA];
  const [pbx, pby] = [view.centerX + bx * scaleB, view.centerY - by * scaleB];
  const xFrom = Math.max(0, Math.ceil(Math.min(pax - radiusA, pbx - radiusB)));
  const xTo = Math.min(out.width - 1, Math.floor(Math.max(pax + radiusA, pbx + radiusB)));
  const yFrom = Math.max(0, Math.ceil(Math.min(pay - radiusA, pby - radiusB)));
  const yTo = Math.min(out.height - 1, Math.floor(Math.max(pay + radiusA, pby + radiusB)));
  if (xFrom > xTo || yFrom > yTo) return;
  const id = out.idOf(cone.surface);
  const [dx, dy] = [pbx - pax, pby - pay];
  const lengthSquared = dx * dx + dy * dy || 1e-9;
  const lengthM = Math.hypot(cone.to[0] - cone.from[0], cone.to[1] - cone.from[1], cone.to[2] - cone.from[2]);
  const [qa, qb] = view.perspective ? [1 / az, 1 / bz] : [-az, -bz];

  for (let y = yFrom; y <= yTo; y++) {
    for (let x = xFrom; x <= xTo; x++) {
      const t = Math.min(1, Math.max(0, ((x - pax) * dx + (y - pay) * dy) / lengthSquared));
      const radius = radiusA + (radiusB - radiusA) * t;
      const ex = (x - pax - dx * t) / radius;
      const ey = (y - pay - dy * t) / radius;
      const squared = ex * ex + ey * ey;
      if (squared > 1) continue;
      const bulge = Math.sqrt(1 - squared);
      const radiusM = cone.fromRadius + (cone.toRadius - cone.fromRadius) * t;
      const qAxis = qa + (qb - qa) * t;
      const q = view.perspective ? 1 / (1 / qAxis - radiusM * bulge) : qAxis + radiusM * bulge;
      putRound(out, view, y * out.width + x, q, cone.surface, id, ex * radiusM, t * lengthM, [ex, -ey, -bulge]);
    }
  }
}

function drawClump(clump: Clump, view: View, out: GeometryBuffer): void {
  const [cx, cy, cz] = inView(view, clump.center[0], clump.center[1], clump.center[2]);
  if (view.perspective && cz < NEAR_M + clump.radius) return;
  const scale = view.perspective ? view.focal / cz : view.focal;
  const radius = Math.max(LEAST_RADIUS, clump.radius * scale);
  const [px, py] = [view.centerX + cx * scale, view.centerY - cy * scale];
  const xFrom = Math.max(0, Math.ceil(px - radius));
  const xTo = Math.min(out.width - 1, Math.floor(px + radius));
  const yFrom = Math.max(0, Math.ceil(py - radius));
  const yTo = Math.min(out.height - 1, Math.floor(py + radius));
  if (xFrom > xTo || yFrom > yTo) return;
  const id = out.idOf(clump.surface);
  // Where leaves are finer than samples, a smooth outline looks the same and costs less.
  const isRagged = clump.raggedness > 0 && radius > 3;
  const leafScale = clump.radius * 9;
  const qCenter = view.perspective ? 1 / cz : -cz;

  for (let y = yFrom; y <= yTo; y++) {
    for (let x = xFrom; x <= xTo; x++) {
      const ex = (x - px) / radius;
      const ey = (y - py) / radius;
      const squared = ex * ex + ey * ey;
      if (squared > 1) continue;
      if (isRagged && squared > 0.16) {
        const noise = fractalNoise(ex * leafScale + 50, (view.mirrored ? -ey : ey) * leafScale + 50, 2, clump.seed);
        if (squared + clump.raggedness * (noise - 0.32) > 1) continue;
      }
      const bulge = Math.sqrt(1 - squared);
      const q = view.perspective ? 1 / (cz - clump.radius * bulge) : qCenter + clump.radius * bulge;
      const u = ex * clump.radius + (clump.seed % 97);
      const v = -ey * clump.radius + (clump.seed % 89);
      putRound(out, view, y * out.width + x, q, clump.surface, id, u, v, [ex, -ey, -bulge]);
    }
  }
}
