// Draws all panes with one WebGL2 context on one canvas.
import { BugError } from "../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import { NUM_ENTRIES, rampColorRow } from "./color-rows.ts";
import { type DeviceView, imageIndexTable } from "./device-view.ts";
import {
  byteStyle,
  type CanvasDrawing,
  layerPlanes,
  type PaneDrawing,
  type Renderer,
  type Strip,
  UNSMOOTHED_FROM,
} from "./drawing.ts";
import type { LayerStyle } from "./picture.ts";
import { fragmentShader, type ShaderVariant, UNIFORMS, type UniformName, VERTEX_SHADER } from "./shaders.ts";
import { newTexture, TextureCache, type TiledTexture, textureSize } from "./texture-cache.ts";
import { TiledPhoto } from "./tiled-photo.ts";
import { deviceSpan } from "./tiles.ts";

/** Texture units by the name of their sampler. */
const UNITS = { indexTable: 0, planeA: 1, planeB: 2, planeC: 3, colors: 4, photo: 5 } as const;
/** ux.md: the default of the cache of textures. */
export const MAX_TEXTURE_BYTES = 512 * 2 ** 20;

/** A linked program with the places of its uniforms. */
interface Program {
  readonly program: WebGLProgram;
  readonly uniforms: ReadonlyMap<UniformName, WebGLUniformLocation | null>;
}

/** Which image pixel each device column and row of a pane shows. */
interface IndexTables {
  readonly columns: Int32Array<ArrayBuffer>;
  readonly rows: Int32Array<ArrayBuffer>;
}

/** @returns null where WebGL2 is missing */
export function createWebglRenderer(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  maxTextureBytes: number = MAX_TEXTURE_BYTES,
): Renderer | null {
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: false,
    powerPreference: "high-performance",
  });
  return gl === null ? null : new WebglRenderer(canvas, gl, maxTextureBytes);
}

class WebglRenderer implements Renderer {
  readonly kind = "webgl2";
  private readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  private readonly gl: WebGL2RenderingContext;
  private readonly programs = new Map<string, Program>();
  private readonly textures: TextureCache;
  private readonly colors: WebGLTexture;
  private isRough = false;
  /** The class colours that are on the card now. */
  private uploadedColors: Uint8Array | null = null;
  /** One a pane, so that no draw waits for another one's table. */
  private readonly tableTextures: WebGLTexture[] = [];
  private readonly emptyPlane: WebGLTexture;
  private readonly emptyPhoto: WebGLTexture;

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas, gl: WebGL2RenderingContext, maxTextureBytes: number) {
    this.canvas = canvas;
    this.gl = gl;
    this.textures = new TextureCache(gl, maxTextureBytes);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.activeTexture(gl.TEXTURE0 + UNITS.colors);
    this.colors = newTexture(gl, gl.NEAREST, gl.NEAREST);
    const rows = new Float32Array(2 * NUM_ENTRIES * 4);
    rows.set(rampColorRow(), NUM_ENTRIES * 4);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, NUM_ENTRIES, 2, 0, gl.RGBA, gl.FLOAT, rows);
    // Samplers need complete textures even where the shader does not read them.
    this.emptyPlane = newTexture(gl, gl.NEAREST, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, 1, 1, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, new Uint8Array(1));
    this.emptyPhoto = newTexture(gl, gl.NEAREST, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  draw({ width, height, background, isRough }: CanvasDrawing, panes: readonly PaneDrawing[]): void {
    const { gl, canvas } = this;
    const [red, green, blue] = background;
    this.isRough = isRough;
    // Assigning a canvas' size clears it, even to the same number.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.textures.beginFrame();
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(red / 255, green / 255, blue / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    panes.forEach((pane, index) => {
      if (pane.view === null || pane.rect.width === 0 || pane.rect.height === 0) return;
      this.drawPane(pane, pane.view, index);
    });
  }

  dispose(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private drawPane(pane: PaneDrawing, view: DeviceView, index: number): void {
    const { rect } = pane;
    this.uploadColors(pane.style);
    let tables: (IndexTables & { size: string }) | null = null;
    for (const strip of pane.strips) {
      const { width, height } = strip.picture;
      if (tables?.size !== `${width}x${height}`) {
        tables = {
          columns: imageIndexTable(rect.width, view.originX, view.scale, width),
          rows: imageIndexTable(rect.height, view.originY, view.scale, height),
          size: `${width}x${height}`,
        };
        this.uploadTables(tables, index);
      }
      this.drawStrip(pane, view, strip, tables);
    }
  }

  private drawStrip(pane: PaneDrawing, view: DeviceView, strip: Strip, { columns, rows }: IndexTables): void {
    const { gl } = this;
    const { rect } = pane;
    const { layer, photo } = strip.picture;
    const planes = layerPlanes(layer).map((plane) => (plane === null ? null : this.textures.plane(plane)));
    const placed = photo instanceof TiledPhoto ? photo.place(view, rect) : null;
    const placedTexture = placed === null ? null : this.textures.placed(placed);
    const tiledPhoto = photo === null || photo instanceof TiledPhoto ? null : this.textures.photo(photo);
    const tiled =
      tiledPhoto ?? planes.find((plane) => plane !== null) ?? (placed === null ? null : wholeTile(strip.picture));
    if (tiled === null) return;
    const { opacity255, threshold255 } = byteStyle(pane.style);
    const { uniforms } = this.chooseProgram({
      layer: layer.kind,
      hasOutline: pane.style.hasOutline,
      hasPatterns: pane.style.hasPatterns && !pane.style.hasOutline,
      photo: tiledPhoto === null && placed === null ? "none" : this.photoVariant(view, placed !== null),
      // Nothing is less sure than a threshold of 0.
      hasThirdPlane: planes[2] != null && (layer.kind !== "labels" || threshold255 > 0),
      hasSolo: layer.kind === "errors" && pane.style.soloClass !== IGNORE_LABEL,
    });
    const at = (name: UniformName): WebGLUniformLocation | null => uniforms.get(name) ?? null;
    gl.uniform1i(at("canvasHeight"), this.canvas.height);
    gl.uniform2i(at("paneCorner"), rect.left, rect.top);
    gl.uniform2i(at("paneSize"), rect.width, rect.height);
    const photoScale = placed === null ? view.scale : (view.scale * placed.width) / placed.source.width;
    gl.uniform1f(at("mipmap"), mipmapFor(photoScale));
    gl.uniform1f(at("opacity"), opacity255);
    gl.uniform1i(at("threshold"), threshold255);
    gl.uniform1i(at("soloClass"), pane.style.soloClass);
    tiled.tiles.forEach(({ tile }, index) => {
      const across = deviceSpan(columns, tile.columns);
      const down = deviceSpan(rows, tile.rows);
      const left = Math.max(across.from, strip.from);
      const right = Math.min(across.to, strip.to);
      if (right <= left || down.to <= down.from) return;
      this.bindTile(UNITS.planeA, planes[0], index, this.emptyPlane);
      this.bindTile(UNITS.planeB, planes[1], index, this.emptyPlane);
      this.bindTile(UNITS.planeC, planes[2], index, this.emptyPlane);
      if (placedTexture === null) this.bindTile(UNITS.photo, tiledPhoto, index, this.emptyPhoto);
      else this.bind(UNITS.photo, placedTexture);
      gl.uniform2i(at("tileStart"), tile.columns.textureStart, tile.rows.textureStart);
      const [tileWidth, tileHeight] = textureSize(tile);
      gl.uniform2i(at("tileSize"), tileWidth, tileHeight);
      const { textureStart: tileLeft } = tile.columns;
      const { textureStart: tileTop } = tile.rows;
      const part = placed ?? { left: tileLeft, top: tileTop, width: tileWidth, height: tileHeight };
      gl.uniform2i(at("photoShift"), tileLeft - part.left, tileTop - part.top);
      gl.uniform2f(at("photoStep"), 1 / (view.scale * part.width), 1 / (view.scale * part.height));
      gl.uniform2f(
        at("photoStart"),
        ((0.5 - view.originX) / view.scale - part.left) / part.width,
        ((0.5 - view.originY) / view.scale - part.top) / part.height,
      );
      const bottom = this.canvas.height - rect.top - down.to;
      gl.viewport(rect.left + left, bottom, right - left, down.to - down.from);
      gl.scissor(rect.left + left, bottom, right - left, down.to - down.from);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    });
  }

  private photoVariant({ scale }: DeviceView, isPlaced: boolean): ShaderVariant["photo"] {
    if (scale >= UNSMOOTHED_FROM) return "pixels";
    // A part in the detail it is seen in is as quick to draw well.
    return this.isRough && !isPlaced ? "rough" : "smoothed";
  }

  /** The program for a kind of picture, compiled when it is first needed; it is the current one afterwards. */
  private chooseProgram(variant: ShaderVariant): Program {
    const { gl } = this;
    const key = JSON.stringify(variant);
    const known = this.programs.get(key);
    const { program, uniforms } = known ?? createProgram(gl, variant);
    // biome-ignore lint/correctness/useHookAtTopLevel: a function of WebGL, no hook of React
    gl.useProgram(program);
    if (known !== undefined) return known;
    for (const [sampler, unit] of Object.entries(UNITS)) gl.uniform1i(gl.getUniformLocation(program, sampler), unit);
    const created = { program, uniforms };
    this.programs.set(key, created);
    return created;
  }

  private bindTile(unit: number, tiled: TiledTexture | null | undefined, index: number, empty: WebGLTexture): void {
    this.bind(unit, tiled?.tiles[index]?.texture ?? empty);
  }

  private bind(unit: number, texture: WebGLTexture): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, texture);
  }

  private uploadColors({ classColors }: LayerStyle): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + UNITS.colors);
    gl.bindTexture(gl.TEXTURE_2D, this.colors);
    if (this.uploadedColors === classColors) return;
    const row = Float32Array.from(classColors);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, NUM_ENTRIES, 1, gl.RGBA, gl.FLOAT, row);
    this.uploadedColors = classColors;
  }

  private uploadTables({ columns, rows }: IndexTables, index: number): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + UNITS.indexTable);
    const texture = this.tableTextures[index] ?? newTexture(gl, gl.NEAREST, gl.NEAREST);
    this.tableTextures[index] = texture;
    const width = Math.max(columns.length, rows.length);
    const both = new Int32Array(2 * width);
    both.set(columns);
    both.set(rows, width);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32I, width, 2, 0, gl.RED_INTEGER, gl.INT, both);
  }
}

/** What is drawn at once where there are no planes, and the photograph is not cut as they would be. */
function wholeTile({ width, height }: { readonly width: number; readonly height: number }) {
  const span = (length: number) => ({ start: 0, end: length, textureStart: 0, textureEnd: length });
  return { tiles: [{ tile: { columns: span(width), rows: span(height) } }] };
}

/** The nearest mipmap of a photograph, rather the sharper one. */
function mipmapFor(scale: number): number {
  return Math.max(0, Math.floor(0.3 - Math.log2(scale)));
}

function createProgram(gl: WebGL2RenderingContext, variant: ShaderVariant): Program {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, fragmentShader(variant)],
  ] as const) {
    const shader = gl.createShader(type);
    // A lost context gives none; nothing is drawn until a new renderer takes this one's place.
    if (shader === null) break;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    const logs = gl.getAttachedShaders(program)?.map((shader) => gl.getShaderInfoLog(shader)) ?? [];
    throw new BugError(`the viewer's shaders do not fit together: ${gl.getProgramInfoLog(program)} ${logs.join(" ")}`);
  }
  return { program, uniforms: new Map(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) };
}
