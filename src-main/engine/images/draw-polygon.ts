// Fills polygons as Pillow's ImageDraw.polygon does, to the pixel: data sets' own tools draw their labels with it.
export type Point = readonly [x: number, y: number];

export interface DrawnMap {
  readonly width: number;
  readonly height: number;
  /** [H, W]. */
  readonly data: Uint8Array | Uint16Array;
}

interface Edge {
  xmin: number;
  xmax: number;
  readonly ymin: number;
  readonly ymax: number;
  readonly x0: number;
  readonly y0: number;
  /** Columns a row, as a 32-bit float. */
  readonly dx: number;
}

/**
 * Fills a polygon, its border included; what is outside of the map is cut off. Coordinates are cut to whole numbers, as Pillow
 * cuts them. Fewer than two points draw nothing.
 * Source: Pillow 13, src/libImaging/Draw.c, `ImagingDrawPolygon` and `polygon_generic`.
 *
 * @param map  is drawn on
 */
export function drawPolygon(map: DrawnMap, points: readonly Point[], value: number): void {
  if (points.length < 2) return;
  const edges = edgesOf(points.map(([x, y]) => [Math.trunc(x), Math.trunc(y)] as const));
  const slanted: Edge[] = [];
  let [first, last] = [map.height - 1, 0];
  for (const edge of edges) {
    first = Math.min(first, edge.ymin);
    last = Math.max(last, edge.ymax);
    if (edge.ymin === edge.ymax) fillRow(map, edge.ymin, edge.xmin, edge.xmax, value);
    else slanted.push(edge);
  }
  last = Math.min(last, map.height);
  for (let y = Math.max(first, 0); y <= last; y++) drawRow(map, y, crossings(slanted, y, last), value);
}

/** Between each point and the next; two in a row along one line of pixels are one. */
function edgesOf(points: readonly Point[]): Edge[] {
  const edges: Edge[] = [];
  for (const [i, [x0, y0]] of points.entries()) {
    const next = points[i + 1];
    if (next === undefined) continue;
    const [x1, y1] = next;
    const before = points[i - 1];
    const previous = edges.at(-1);
    if (before !== undefined && previous !== undefined && y0 === y1 && y0 === before[1]) {
      const isOnward = x1 > x0 && x0 > before[0];
      const isBackward = x1 < x0 && x0 < before[0];
      if (isOnward) previous.xmax = x1;
      if (isBackward) previous.xmin = x1;
      if (isOnward || isBackward) continue;
    }
    edges.push(edgeBetween([x0, y0], [x1, y1]));
  }
  const [start, end] = [points[0], points.at(-1)];
  if (start !== undefined && end !== undefined && (start[0] !== end[0] || start[1] !== end[1])) {
    edges.push(edgeBetween(end, start));
  }
  return edges;
}

function edgeBetween([x0, y0]: Point, [x1, y1]: Point): Edge {
  return {
    xmin: Math.min(x0, x1),
    xmax: Math.max(x0, x1),
    ymin: Math.min(y0, y1),
    ymax: Math.max(y0, y1),
    x0,
    y0,
    dx: y0 === y1 ? 0 : Math.fround((x1 - x0) / (y1 - y0)),
  };
}

function xAt(edge: Edge, y: number): number {
  return Math.fround(Math.fround((y - edge.y0) * edge.dx) + edge.x0);
}

/** Where a row meets the edges, in order of the columns. */
function crossings(edges: readonly Edge[], y: number, last: number): number[] {
  const xs: number[] = [];
  for (const [i, edge] of edges.entries()) {
    if (y < edge.ymin || y > edge.ymax) continue;
    const x = xAt(edge, y);
    // An edge that ends within the polygon counts twice, so that the one which goes on from there fits.
    if (y === edge.ymax && y < last) xs.push(x, x);
    else xs.push(endsAt(edge, y) ? connected(x, edge, edges.slice(0, i), y) : x);
  }
  return xs.sort((a, b) => a - b);
}

/** Whether a slanted edge begins or ends in a row. */
function endsAt({ ymin, ymax, dx }: Edge, y: number): boolean {
  return dx !== 0 && (y === ymin || y === ymax);
}

/** The tip of a flat corner is drawn out to where the next row begins: otherwise there would be a gap between them. */
function connected(x: number, edge: Edge, others: readonly Edge[], y: number): number {
  const next = y === edge.ymax ? y - 1 : y + 1;
  for (const other of others) {
    if (!endsAt(other, y) || roundf(x) !== roundf(xAt(other, y))) continue;
    if (next < other.ymin || next > other.ymax) continue;
    const [own, its] = [xAt(edge, next), xAt(other, next)];
    if (x > own + 1 && x > its + 1) return roundf(Math.max(own, its)) + 1;
    if (x < own - 1 && x < its - 1) return roundf(Math.min(own, its)) - 1;
    return x;
  }
  return x;
}

function drawRow(map: DrawnMap, y: number, xs: readonly number[], value: number): void {
  for (let i = 1; i < xs.length; i += 2) {
    fillRow(map, y, roundUp(xs[i - 1] ?? 0), roundDown(xs[i] ?? 0), value);
  }
}

function fillRow({ width, height, data }: DrawnMap, y: number, from: number, to: number, value: number): void {
  if (y < 0 || y >= height || from >= width || to < 0 || to < from) return;
  data.fill(value, y * width + Math.max(from, 0), y * width + Math.min(to, width - 1) + 1);
}

/** C's roundf: halves away from zero. */
function roundf(x: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
}

function roundUp(x: number): number {
  return x >= 0 ? Math.floor(x + 0.5) : -Math.floor(Math.abs(x) + 0.5);
}

function roundDown(x: number): number {
  return x >= 0 ? Math.ceil(x - 0.5) : -Math.ceil(Math.abs(x) - 0.5);
}
