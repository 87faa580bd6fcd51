// The two shaders: a triangle over the pane, and the colour of one device pixel as `shade` in shade.ts defines it.
import {
  BACKDROP_SHARE,
  BLANK_GREY,
  FIXED_COLOR,
  LAYER_CODES,
  STILL_WRONG_COLOR,
  UNLABELLED_SHARE,
  WRONG_COLOR,
} from "./shade.ts";

export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

const ivec3 = (color: readonly number[]): string => `ivec3(${color.join(", ")})`;

export const FRAGMENT_SHADER = `#version 300 es
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
uniform vec2 origin;
uniform float scale;
uniform int layer;
uniform int opacity;
uniform int threshold;
uniform bool hasOutline;
uniform bool hasPhoto;
// Planes that the layer has; of a missing one every value is 255.
uniform bvec3 hasPlane;

out vec4 color;

ivec3 blend(ivec3 under, ivec3 over, int alpha) {
  return (under * (255 - alpha) + over * alpha + 127) / 255;
}

int columnAt(int x) { return texelFetch(indexTable, ivec2(x, 0), 0).r; }
int rowAt(int y) { return texelFetch(indexTable, ivec2(y, 1), 0).r; }

ivec4 classColor(int label) { return ivec4(texelFetch(colors, ivec2(label, 0), 0)); }

int labelAt(ivec2 pixel) {
  ivec2 texel = clamp(pixel - tileStart, ivec2(0), tileSize - 1);
  return int(texelFetch(planeA, texel, 0).r);
}

bool differs(int x, int y, int label) {
  int column = columnAt(clamp(x, 0, paneSize.x - 1));
  int row = rowAt(clamp(y, 0, paneSize.y - 1));
  return column >= 0 && row >= 0 && labelAt(ivec2(column, row)) != label;
}

bool isBorder(ivec2 at, int label) {
  return differs(at.x - 1, at.y, label) || differs(at.x + 1, at.y, label) ||
    differs(at.x, at.y - 1, label) || differs(at.x, at.y + 1, label);
}

ivec3 photoAt(ivec2 at, ivec2 texel) {
  if (!hasPhoto) return ivec3(${BLANK_GREY});
  vec3 light;
  if (scale >= 2.0) {
    light = texelFetch(photo, texel, 0).rgb;
  } else {
    vec2 place = (vec2(at) + 0.5 - origin) / scale - vec2(tileStart);
    light = textureLod(photo, place / vec2(tileSize), max(0.0, -log2(scale) - 0.25)).rgb;
  }
  return ivec3(light * 255.0 + 0.5);
}

ivec3 greyOf(ivec3 light, int share) {
  int grey = (77 * light.r + 150 * light.g + 29 * light.b) >> 8;
  return ivec3((grey * share) >> 8);
}

ivec3 blendClass(ivec3 light, ivec2 at, int label, bool isUnsure) {
  ivec4 own = classColor(label);
  if (isUnsure || own.a == 0) return light;
  int alpha = hasOutline ? (isBorder(at, label) ? 255 : 0) : opacity;
  return blend(light, own.rgb, alpha);
}

ivec3 changeColor(int from, int to, int truth) {
  if (truth == 255) return classColor(to).rgb;
  if (to == truth) return ${ivec3(FIXED_COLOR)};
  return from == truth ? ${ivec3(WRONG_COLOR)} : ${ivec3(STILL_WRONG_COLOR)};
}

void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), canvasHeight - 1 - int(gl_FragCoord.y)) - paneCorner;
  ivec2 texel = ivec2(columnAt(at.x), rowAt(at.y)) - tileStart;
  ivec3 light = photoAt(at, texel);
  int a = hasPlane.x ? int(texelFetch(planeA, texel, 0).r) : 255;
  int b = hasPlane.y ? int(texelFetch(planeB, texel, 0).r) : 255;
  int c = hasPlane.z ? int(texelFetch(planeC, texel, 0).r) : 255;

  ivec3 result = light;
  if (layer == ${LAYER_CODES.labels}) {
    result = blendClass(light, at, a, c < threshold);
  } else if (layer == ${LAYER_CODES.heat}) {
    result = blend(light, ivec3(texelFetch(colors, ivec2(a, 1), 0).rgb), opacity);
  } else if (layer == ${LAYER_CODES.errors}) {
    bool isWrong = b != 255 && a != b && classColor(b).a > 0;
    ivec3 backdrop = greyOf(light, b == 255 ? ${UNLABELLED_SHARE} : ${BACKDROP_SHARE});
    result = blend(backdrop, ${ivec3(WRONG_COLOR)}, isWrong ? opacity : 0);
  } else if (layer == ${LAYER_CODES.difference}) {
    bool isShown = a != b && classColor(b).a > 0;
    result = blend(greyOf(light, ${BACKDROP_SHARE}), changeColor(a, b, c), isShown ? opacity : 0);
  } else if (layer == ${LAYER_CODES.pseudoLabel}) {
    result = a == 255 ? greyOf(light, ${UNLABELLED_SHARE}) : blendClass(light, at, a, false);
  }
  color = vec4(vec3(result) / 255.0, 1.0);
}`;
