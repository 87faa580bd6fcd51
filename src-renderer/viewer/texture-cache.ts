// Planes and photographs on the graphics card, cut into tiles; the longest unused go when there are too many bytes.
import type { BytePlane, Photo } from "./picture.ts";
import type { PlacedPhoto } from "./tiled-photo.ts";
import { TILE_PX, type Tile, tilesOf } from "./tiles.ts";

export interface TiledTexture {
  readonly tiles: readonly { readonly tile: Tile; readonly texture: WebGLTexture }[];
}

interface Entry extends TiledTexture {
  readonly sizeBytes: number;
  usedInFrame: number;
  /** Of a photograph that changes as its tiles arrive. */
  version?: number;
}

/** A texture unit that no sampler reads: uploads disturb nothing that is bound for drawing. */
const UPLOAD_UNIT = 7;

export class TextureCache {
  private readonly entries = new Map<object, Entry>();
  private totalBytes = 0;
  private frame = 0;
  private readonly gl: WebGL2RenderingContext;
  private readonly maxBytes: number;
  private readonly tilePx: number;

  constructor(gl: WebGL2RenderingContext, maxBytes: number) {
    this.gl = gl;
    this.maxBytes = maxBytes;
    this.tilePx = Math.min(TILE_PX, Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)));
  }

  get sizeBytes(): number {
    return this.totalBytes;
  }

  /** Textures used from here on survive until the next frame. */
  beginFrame(): void {
    this.frame++;
  }

  plane(plane: BytePlane): TiledTexture {
    return this.entryOf(plane.bytes, plane, 1, (tile) => this.uploadPlane(plane, tile));
  }

  photo(photo: Photo): TiledTexture {
    // Mipmaps add a third.
    return this.entryOf(photo.source, photo, 4 * (4 / 3), (tile) => this.uploadPhoto(photo, tile));
  }

  /** One texture; in place of the one of an earlier version. */
  placed({ source, version }: PlacedPhoto): WebGLTexture | null {
    const known = this.entries.get(source);
    if (known !== undefined && known.version !== version) this.drop(source, known);
    const whole = { start: 0, textureStart: 0 };
    const { tiles } = this.entryOf(source, source, 4 * (4 / 3), () =>
      this.uploadPhoto(
        { source },
        {
          columns: { ...whole, end: source.width, textureEnd: source.width },
          rows: { ...whole, end: source.height, textureEnd: source.height },
        },
      ),
    );
    const entry = this.entries.get(source);
    if (entry !== undefined) entry.version = version;
    return tiles[0]?.texture ?? null;
  }

  private entryOf(
    key: object,
    size: { width: number; height: number },
    bytesPerPixel: number,
    upload: (tile: Tile) => WebGLTexture,
  ): TiledTexture {
    const known = this.entries.get(key);
    if (known !== undefined) {
      known.usedInFrame = this.frame;
      // Last in the map: most recently used.
      this.entries.delete(key);
      this.entries.set(key, known);
      return known;
    }
    const sizeBytes = Math.ceil(size.width * size.height * bytesPerPixel);
    this.makeRoom(sizeBytes);
    this.gl.activeTexture(this.gl.TEXTURE0 + UPLOAD_UNIT);
    const tiles = tilesOf(size.width, size.height, this.tilePx).map((tile) => ({ tile, texture: upload(tile) }));
    const entry: Entry = { tiles, sizeBytes, usedInFrame: this.frame };
    this.entries.set(key, entry);
    this.totalBytes += sizeBytes;
    return entry;
  }

  private makeRoom(sizeBytes: number): void {
    for (const [key, entry] of this.entries) {
      if (this.totalBytes + sizeBytes <= this.maxBytes) return;
      if (entry.usedInFrame === this.frame) continue;
      this.drop(key, entry);
    }
  }

  private drop(key: object, { tiles, sizeBytes }: Entry): void {
    for (const { texture } of tiles) this.gl.deleteTexture(texture);
    this.entries.delete(key);
    this.totalBytes -= sizeBytes;
  }

  private uploadPlane({ width, bytes }: BytePlane, { columns, rows }: Tile): WebGLTexture {
    const { gl } = this;
    const texture = newTexture(gl, gl.NEAREST, gl.NEAREST);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, width);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, columns.textureStart);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, rows.textureStart);
    const [tileWidth, tileHeight] = textureSize({ columns, rows });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, tileWidth, tileHeight, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, bytes);
    resetUnpacking(gl);
    return texture;
  }

  private uploadPhoto(
    { source }: { readonly source: ImageBitmap | OffscreenCanvas },
    { columns, rows }: Tile,
  ): WebGLTexture {
    const { gl } = this;
    const texture = newTexture(gl, gl.LINEAR_MIPMAP_NEAREST, gl.LINEAR);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, columns.textureStart);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, rows.textureStart);
    const [tileWidth, tileHeight] = textureSize({ columns, rows });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, tileWidth, tileHeight, 0, gl.RGBA, gl.UNSIGNED_BYTE, source);
    resetUnpacking(gl);
    gl.generateMipmap(gl.TEXTURE_2D);
    return texture;
  }
}

export function newTexture(gl: WebGL2RenderingContext, minFilter: number, magFilter: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, minFilter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, magFilter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

export function textureSize({ columns, rows }: Tile): [width: number, height: number] {
  return [columns.textureEnd - columns.textureStart, rows.textureEnd - rows.textureStart];
}

function resetUnpacking(gl: WebGL2RenderingContext): void {
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, 0);
  gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 0);
}
