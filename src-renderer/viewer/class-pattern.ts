// Patterns that tell classes apart without colour: lines over the area, in device pixels, so that they look the same at every zoom.

/** Of both axes, in device pixels. */
export const PATTERN_PERIOD = 8;
/** Plain, both diagonals, level, upright, a grid, dots, a slanted grid. */
export const PATTERNS = 8;

/** Classes whose ids are eight apart have the same one; their colours differ more than others'. */
export function patternOf(trainId: number): number {
  return trainId & (PATTERNS - 1);
}

/** Whether a device pixel of the pane belongs to the lines of a class. The shader has the same function. */
export function isOnPattern(trainId: number, x: number, y: number): boolean {
  const [across, down] = [x & 7, y & 7];
  const [rising, falling] = [(x + y) & 7, (x - y) & 7];
  switch (patternOf(trainId)) {
    case 1:
      return rising < 2;
    case 2:
      return falling < 2;
    case 3:
      return down < 2;
    case 4:
      return across < 2;
    case 5:
      return across < 1 || down < 1;
    case 6:
      return across < 3 && down < 3;
    case 7:
      return rising < 1 || falling < 1;
    default:
      return false;
  }
}

export const PATTERN_SHADER = `bool isOnPattern(int label, int x, int y) {
  int across = x & 7;
  int down = y & 7;
  int rising = (x + y) & 7;
  int falling = (x - y) & 7;
  switch (label & 7) {
    case 1: return rising < 2;
    case 2: return falling < 2;
    case 3: return down < 2;
    case 4: return across < 2;
    case 5: return across < 1 || down < 1;
    case 6: return across < 3 && down < 3;
    case 7: return rising < 1 || falling < 1;
    default: return false;
  }
}

vec3 lineColor(vec3 own) {
  float luma = floor(dot(own, vec3(77.0, 150.0, 29.0)) * (1.0 / 256.0));
  return floor((luma < 128.0 ? own + 255.0 : own) * 0.5);
}`;

type Color = readonly [number, number, number];

/** Lighter than a dark class, darker than a bright one. */
export function lineColor([red, green, blue]: Color): Color {
  const light = (77 * red + 150 * green + 29 * blue) >> 8 < 128 ? 255 : 0;
  return [(red + light) >> 1, (green + light) >> 1, (blue + light) >> 1];
}
