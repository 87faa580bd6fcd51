// The shaders: a triangle over the pane, and the colour of one device pixel as `shade` in shade.ts defines it. Each kind of
// picture has a program of its own: without a graphics card every branch is computed for every pixel, taken or not.
import type { Layer } from "./picture.ts";
import { BACKDROP_SHARE, BLANK_GREY, FIXED_COLOR, STILL_WRONG_COLOR, UNLABELLED_SHARE, WRONG_COLOR } from "./shade.ts";

/** What decides about the code; everything else is a uniform. */
export interface ShaderVariant {
  readonly layer: Layer["kind"];
  readonly hasOutline: boolean;
  /** "smoothed": between the pixels of a mipmap; "pixels": each as it is; "rough": the nearest pixel of a mipmap. */
  readonly photo: "none" | "smoothed" | "pixels" | "rough";
  /** Whether there is a third plane: confidence under labels, truth under a difference. */
  readonly hasThirdPlane: boolean;
}

/** Uniforms of all programs; a program has those it needs. */
export const UNIFORMS = [
  "paneCorner",
  "paneSize",
  "canvasHeight",
  "tileStart",
  "tileSize",
  "photoStart",
  "photoStep",
  "mipmap",
  "opacity",
  "threshold",
] as const;
export type UniformName = (typeof UNIFORMS)[number];

export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

const ivec3 = (color: readonly number[]): string => `ivec3(${color.join(", ")})`;

export function fragmentShader(variant: ShaderVariant): string {
  return `${DECLARATIONS}
${PHOTO_FUNCTIONS[variant.photo]}
${variant.hasOutline ? OUTLINED_BLEND : PLAIN_BLEND}
void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), canvasHeight - 1 - int(gl_FragCoord.y)) - paneCorner;
  ivec2 texel = ivec2(columnAt(at.x), rowAt(at.y)) - tileStart;
  ivec3 light = photoAt(at, texel);
  ${layerCode(variant)}
  color = vec4(vec3(result) * (1.0 / 255.0), 1.0);
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
// Row 0: the classes; row 1: the ramp of heat maps.
uniform highp usampler2D colors;
uniform highp sampler2D photo;

uniform ivec2 paneCorner;
uniform ivec2 paneSize;
uniform int canvasHeight;
uniform ivec2 tileStart;
uniform ivec2 tileSize;
// Where the photograph is read for the pane's first device pixel, and how far on for each further one, 0..1 of the tile.
uniform vec2 photoStart;
uniform vec2 photoStep;
uniform float mipmap;
uniform int opacity;
uniform int threshold;

out vec4 color;

int columnAt(int x) { return texelFetch(indexTable, ivec2(x, 0), 0).r; }
int rowAt(int y) { return texelFetch(indexTable, ivec2(y, 1), 0).r; }
int valueAt(highp usampler2D plane, ivec2 texel) { return int(texelFetch(plane, texel, 0).r); }
ivec4 classColor(int label) { return ivec4(texelFetch(colors, ivec2(label, 0), 0)); }

// (x + 127) / 255 without a division, which is slow; the same for all x up to 255 * 255.
ivec3 blend(ivec3 under, ivec3 over, int alpha) {
  ivec3 scaled = under * (255 - alpha) + over * alpha + 128;
  return (scaled + (scaled >> 8)) >> 8;
}

ivec3 greyOf(ivec3 light, int share) {
  int grey = (77 * light.r + 150 * light.g + 29 * light.b) >> 8;
  return ivec3((grey * share) >> 8);
}`;

const PHOTO_FUNCTIONS: Readonly<Record<ShaderVariant["photo"], string>> = {
  none: `ivec3 photoAt(ivec2 at, ivec2 texel) { return ivec3(${BLANK_GREY}); }`,
  pixels: "ivec3 photoAt(ivec2 at, ivec2 texel) { return ivec3(texelFetch(photo, texel, 0).rgb * 255.0 + 0.5); }",
  rough: `ivec3 photoAt(ivec2 at, ivec2 texel) {
  int level = int(mipmap);
  ivec2 last = max(tileSize >> level, 1) - 1;
  return ivec3(texelFetch(photo, min(texel >> level, last), level).rgb * 255.0 + 0.5);
}`,
  smoothed: `ivec3 photoAt(ivec2 at, ivec2 texel) {
  return ivec3(textureLod(photo, vec2(at) * photoStep + photoStart, mipmap).rgb * 255.0 + 0.5);
}`,
};

const PLAIN_BLEND = `ivec3 blendClass(ivec3 light, ivec2 at, int label, bool isUnsure) {
  ivec4 own = classColor(label);
  return blend(light, own.rgb, isUnsure || own.a == 0 ? 0 : opacity);
}`;

const OUTLINED_BLEND = `bool differs(int x, int y, int label) {
  int column = columnAt(clamp(x, 0, paneSize.x - 1));
  int row = rowAt(clamp(y, 0, paneSize.y - 1));
  ivec2 texel = clamp(ivec2(column, row) - tileStart, ivec2(0), tileSize - 1);
  return column >= 0 && row >= 0 && valueAt(planeA, texel) != label;
}

ivec3 blendClass(ivec3 light, ivec2 at, int label, bool isUnsure) {
  ivec4 own = classColor(label);
  bool isBorder = differs(at.x - 1, at.y, label) || differs(at.x + 1, at.y, label) ||
    differs(at.x, at.y - 1, label) || differs(at.x, at.y + 1, label);
  return isBorder && !isUnsure && own.a > 0 ? own.rgb : light;
}`;

function layerCode({ layer, hasThirdPlane }: ShaderVariant): string {
  const third = hasThirdPlane ? "valueAt(planeC, texel)" : "255";
  switch (layer) {
    case "none":
      return "ivec3 result = light;";
    case "labels":
      return `ivec3 result = blendClass(light, at, valueAt(planeA, texel), ${third} < threshold);`;
    case "heat":
      return `ivec3 result = blend(light, ivec3(texelFetch(colors, ivec2(valueAt(planeA, texel), 1), 0).rgb), opacity);`;
    case "errors":
      return `int label = valueAt(planeA, texel);
  int truth = valueAt(planeB, texel);
  bool isWrong = truth != 255 && label != truth && classColor(truth).a > 0;
  ivec3 backdrop = greyOf(light, truth == 255 ? ${UNLABELLED_SHARE} : ${BACKDROP_SHARE});
  ivec3 result = blend(backdrop, ${ivec3(WRONG_COLOR)}, isWrong ? opacity : 0);`;
    case "difference":
      return `int from = valueAt(planeA, texel);
  int to = valueAt(planeB, texel);
  int truth = ${third};
  ivec4 own = classColor(to);
  ivec3 known = to == truth ? ${ivec3(FIXED_COLOR)} : from == truth ? ${ivec3(WRONG_COLOR)} : ${ivec3(STILL_WRONG_COLOR)};
  bool isShown = from != to && own.a > 0;
  ivec3 result = blend(greyOf(light, ${BACKDROP_SHARE}), truth == 255 ? own.rgb : known, isShown ? opacity : 0);`;
    case "pseudoLabel":
      return `int label = valueAt(planeA, texel);
  ivec3 result = label == 255 ? greyOf(light, ${UNLABELLED_SHARE}) : blendClass(light, at, label, false);`;
    default:
      return layer satisfies never;
  }
}
