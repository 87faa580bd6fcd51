// The shaders: a triangle over the pane, and the colour of one device pixel as `shade` in shade.ts defines it. Each kind of
// picture has a program of its own: without a graphics card every branch is computed for every pixel, taken or not.
import { PATTERN_SHADER } from "./class-pattern.ts";
import type { Layer } from "./picture.ts";
import {
  BACKDROP_SHARE,
  BLANK_GREY,
  FALSE_NEGATIVE_COLOR,
  FALSE_POSITIVE_COLOR,
  FIXED_COLOR,
  STILL_WRONG_COLOR,
  TRUE_POSITIVE_COLOR,
  UNLABELLED_SHARE,
  WRONG_COLOR,
} from "./shade.ts";

/** What decides about the code; everything else is a uniform. */
export interface ShaderVariant {
  readonly layer: Layer["kind"];
  readonly hasOutline: boolean;
  /** Without outlines. */
  readonly hasPatterns: boolean;
  /** "smoothed": between the pixels of a mipmap; "pixels": each as it is; "rough": the nearest pixel of a mipmap. */
  readonly photo: "none" | "smoothed" | "pixels" | "rough";
  /** Whether there is a third plane: confidence under labels, truth under a difference, what counts under errors. */
  readonly hasThirdPlane: boolean;
  /** Whether one class is shown alone; only errors look at it. */
  readonly hasSolo: boolean;
}

/** Uniforms of all programs; a program has those it needs. */
export const UNIFORMS = [
  "paneCorner",
  "paneSize",
  "canvasHeight",
  "tileStart",
  "tileSize",
  "photoShift",
  "photoStart",
  "photoStep",
  "mipmap",
  "opacity",
  "threshold",
  "soloClass",
] as const;
export type UniformName = (typeof UNIFORMS)[number];

export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

const vec3 = (color: readonly number[]): string => `vec3(${color.join(", ")})`;

export function fragmentShader(variant: ShaderVariant): string {
  return `${DECLARATIONS}
${PHOTO_FUNCTIONS[variant.photo]}
${variant.hasOutline ? OUTLINED_BLEND : variant.hasPatterns ? PATTERNED_BLEND : PLAIN_BLEND}
void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), canvasHeight - 1 - int(gl_FragCoord.y)) - paneCorner;
  ivec2 texel = ivec2(columnAt(at.x), rowAt(at.y)) - tileStart;
  vec3 light = photoAt(at, texel);
  ${layerCode(variant)}
  color = vec4(result * (1.0 / 255.0), 1.0);
}`;
}

const DECLARATIONS = `#version 300 es
precision highp float;
precision highp int;

// Row 0: the image column of every device column of the pane; row 1: the image row of every device row.
uniform highp isampler2D indexTable;
uniform highp usampler2D planeA;
uniform highp usampler2D planeB;
uniform highp usampler2D planeC;
// Row 0: the classes; row 1: the ramp of heat maps; 0..255.
uniform highp sampler2D colors;
uniform highp sampler2D photo;

uniform ivec2 paneCorner;
uniform ivec2 paneSize;
uniform int canvasHeight;
uniform ivec2 tileStart;
uniform ivec2 tileSize;
// From a pixel of the tile to that of the photograph's texture, where the two are not cut alike.
uniform ivec2 photoShift;
// Where the photograph is read for the pane's first device pixel, and how far on for each further one, 0..1 of the tile.
uniform vec2 photoStart;
uniform vec2 photoStep;
uniform float mipmap;
// 0..255.
uniform float opacity;
uniform int threshold;
uniform int soloClass;

out vec4 color;

int columnAt(int x) { return texelFetch(indexTable, ivec2(x, 0), 0).r; }
int rowAt(int y) { return texelFetch(indexTable, ivec2(y, 1), 0).r; }
int valueAt(highp usampler2D plane, ivec2 texel) { return int(texelFetch(plane, texel, 0).r); }
vec4 classColor(int label) { return texelFetch(colors, ivec2(label, 0), 0); }

// Whole numbers in floats, which are exact so far up and quicker than integers: (x + 127) / 255, the division made of two
// that are exact; the same for all x up to 255 * 255.
vec3 blend(vec3 under, vec3 over, float alpha) {
  vec3 scaled = under * (255.0 - alpha) + (over * alpha + 128.0);
  return floor((scaled + floor(scaled * (1.0 / 256.0))) * (1.0 / 256.0));
}

vec3 greyOf(vec3 light, float share) {
  float grey = floor(dot(light, vec3(77.0, 150.0, 29.0)) * (1.0 / 256.0));
  return vec3(floor(grey * share * (1.0 / 256.0)));
}`;

const PHOTO_FUNCTIONS: Readonly<Record<ShaderVariant["photo"], string>> = {
  none: `vec3 photoAt(ivec2 at, ivec2 texel) { return vec3(${BLANK_GREY}); }`,
  pixels:
    "vec3 photoAt(ivec2 at, ivec2 texel) { return floor(texelFetch(photo, texel + photoShift, 0).rgb * 255.0 + 0.5); }",
  rough: `vec3 photoAt(ivec2 at, ivec2 texel) {
  int level = int(mipmap);
  ivec2 last = max(tileSize >> level, 1) - 1;
  return floor(texelFetch(photo, min(texel >> level, last), level).rgb * 255.0 + 0.5);
}`,
  smoothed: `vec3 photoAt(ivec2 at, ivec2 texel) {
  return floor(textureLod(photo, vec2(at) * photoStep + photoStart, mipmap).rgb * 255.0 + 0.5);
}`,
};

const PLAIN_BLEND = `vec3 blendClass(vec3 light, ivec2 at, int label, bool isUnsure) {
  vec4 own = classColor(label);
  return blend(light, own.rgb, isUnsure || own.a == 0.0 ? 0.0 : opacity);
}`;

const PATTERNED_BLEND = `${PATTERN_SHADER}

vec3 blendClass(vec3 light, ivec2 at, int label, bool isUnsure) {
  vec4 own = classColor(label);
  vec3 over = isOnPattern(label, at.x, at.y) ? lineColor(own.rgb) : own.rgb;
  return blend(light, over, isUnsure || own.a == 0.0 ? 0.0 : opacity);
}`;

const OUTLINED_BLEND = `bool differs(int x, int y, int label) {
  int column = columnAt(clamp(x, 0, paneSize.x - 1));
  int row = rowAt(clamp(y, 0, paneSize.y - 1));
  ivec2 texel = clamp(ivec2(column, row) - tileStart, ivec2(0), tileSize - 1);
  return column >= 0 && row >= 0 && valueAt(planeA, texel) != label;
}

vec3 blendClass(vec3 light, ivec2 at, int label, bool isUnsure) {
  vec4 own = classColor(label);
  bool isBorder = differs(at.x - 1, at.y, label) || differs(at.x + 1, at.y, label) ||
    differs(at.x, at.y - 1, label) || differs(at.x, at.y + 1, label);
  return isBorder && !isUnsure && own.a > 0.0 ? own.rgb : light;
}`;

const ANY_ERROR = `vec3 error = ${vec3(WRONG_COLOR)};
  bool isShown = label != truth && (classColor(label).a > 0.0 || classColor(truth).a > 0.0);`;

const SOLO_ERROR = `vec3 error =
    label != soloClass ? ${vec3(FALSE_NEGATIVE_COLOR)} : truth == soloClass ? ${vec3(TRUE_POSITIVE_COLOR)} : ${vec3(FALSE_POSITIVE_COLOR)};
  bool isShown = label == soloClass || truth == soloClass;`;

function layerCode({ layer, hasThirdPlane, hasSolo }: ShaderVariant): string {
  const third = hasThirdPlane ? "valueAt(planeC, texel)" : "255";
  switch (layer) {
    case "none":
      return "vec3 result = light;";
    case "labels":
      return `vec3 result = blendClass(light, at, valueAt(planeA, texel), ${third} < threshold);`;
    case "heat":
      return `vec3 result = blend(light, texelFetch(colors, ivec2(valueAt(planeA, texel), 1), 0).rgb, opacity);`;
    case "errors":
      return `int label = valueAt(planeA, texel);
  int truth = valueAt(planeB, texel);
  bool isCounted = truth != 255 && ${third} > 0;
  vec3 backdrop = greyOf(light, isCounted ? ${BACKDROP_SHARE}.0 : ${UNLABELLED_SHARE}.0);
  ${hasSolo ? SOLO_ERROR : ANY_ERROR}
  vec3 result = blend(backdrop, error, isCounted && isShown ? opacity : 0.0);`;
    case "difference":
      return `int from = valueAt(planeA, texel);
  int to = valueAt(planeB, texel);
  int truth = ${third};
  vec3 own = classColor(to).rgb;
  vec3 known = to == truth ? ${vec3(FIXED_COLOR)} : from == truth ? ${vec3(WRONG_COLOR)} : ${vec3(STILL_WRONG_COLOR)};
  bool isShown = from != to && from != 255 && to != 255 && (classColor(from).a > 0.0 || classColor(to).a > 0.0);
  vec3 result = blend(greyOf(light, ${BACKDROP_SHARE}.0), truth == 255 ? own : known, isShown ? opacity : 0.0);`;
    case "pseudoLabel":
      return `int label = valueAt(planeA, texel);
  vec3 result = label == 255 ? greyOf(light, ${UNLABELLED_SHARE}.0) : blendClass(light, at, label, false);`;
    default:
      return layer satisfies never;
  }
}
