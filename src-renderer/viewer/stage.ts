// One canvas under all panes: knows where they are on the screen's own pixels, and draws when something has changed.
import type { Palette } from "../../src-shared/labels/palettes.ts";
import { createRenderer } from "./create-renderer.ts";
import { type DeviceRect, deviceRect, deviceView, imageIndexAt, NOWHERE } from "./device-view.ts";
import type { PaneDrawing, Renderer, Strip } from "./drawing.ts";
import { type ViewStore, viewOf } from "./linked-views.ts";
import { FULL_PACE, paceAfter } from "./pace.ts";
import type { LayerStyle, Picture } from "./picture.ts";
import { splitColumn } from "./split.ts";
import { TiledPhoto } from "./tiled-photo.ts";
import { fitView, type Size, type Viewport } from "./viewport.ts";

/** What a pane shows. */
export interface PaneContent {
  readonly picture: Picture | null;
  /** What lies right of the divider, and where that is, 0..1 of the pane's width. */
  readonly split: { readonly picture: Picture; readonly at: number } | null;
  readonly style: LayerStyle;
}

/** An image pixel, and whether the picture right of the divider draws it. */
export interface StagePixel {
  readonly x: number;
  readonly y: number;
  readonly isRightOfSplit: boolean;
}

/** A pause this long ends a motion. */
const REST_MS = 150;

interface Pane {
  readonly element: HTMLElement;
  content: PaneContent;
  /** Ends hearing of tiles that arrive. */
  unfollow: () => void;
}

export class Stage {
  private readonly canvas: HTMLCanvasElement;
  private readonly host: HTMLElement;
  private readonly views: ViewStore;
  private readonly panes = new Map<string, Pane>();
  private readonly observer: ResizeObserver;
  private readonly unsubscribe: () => void;
  private renderer: Renderer;
  private pace = FULL_PACE;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private background: Palette[number] = [0, 0, 0];
  private frame: number | null = null;
  /** As last set: setting it anew would lay the page out anew in every frame. */
  private canvasPlace = "";
  /** Called after each frame, with the milliseconds it took here. */
  onDrawn: ((milliseconds: number) => void) | null = null;

  constructor(canvas: HTMLCanvasElement, host: HTMLElement, views: ViewStore) {
    this.canvas = canvas;
    this.host = host;
    this.views = views;
    this.renderer = createRenderer(canvas);
    this.observer = new ResizeObserver(() => this.drawNow());
    this.observer.observe(host);
    this.unsubscribe = views.subscribe(this.onViewMoved);
    canvas.addEventListener("webglcontextlost", this.onContextLost);
    canvas.addEventListener("webglcontextrestored", this.onContextRestored);
    // Zooming the page or another screen changes the ratio without changing the size of anything.
    window.addEventListener("resize", this.requestDraw);
  }

  get kind(): Renderer["kind"] {
    return this.renderer.kind;
  }

  dispose(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    for (const { unfollow } of this.panes.values()) unfollow();
    this.unsubscribe();
    clearTimeout(this.settling);
    this.canvas.removeEventListener("webglcontextlost", this.onContextLost);
    this.canvas.removeEventListener("webglcontextrestored", this.onContextRestored);
    window.removeEventListener("resize", this.requestDraw);
  }

  addPane(id: string, element: HTMLElement, content: PaneContent): void {
    this.panes.set(id, { element, content, unfollow: this.follow(content) });
    this.observer.observe(element);
    this.requestDraw();
  }

  removePane(id: string): void {
    const pane = this.panes.get(id);
    if (pane !== undefined) this.observer.unobserve(pane.element);
    pane?.unfollow();
    this.panes.delete(id);
    this.requestDraw();
  }

  setContent(id: string, content: PaneContent): void {
    const pane = this.panes.get(id);
    if (pane === undefined) return;
    pane.unfollow();
    pane.unfollow = this.follow(content);
    pane.content = content;
    this.requestDraw();
  }

  setBackground(color: Palette[number]): void {
    this.background = color;
    this.requestDraw();
  }

  /** The image pixel that is drawn under a point of the window; null where there is none. */
  pixelAt(id: string, clientX: number, clientY: number): StagePixel | null {
    const pane = this.panes.get(id);
    const picture = pane?.content.picture ?? null;
    if (pane === undefined || picture === null) return null;
    const ratio = window.devicePixelRatio;
    const origin = this.canvas.getBoundingClientRect();
    const rect = this.rectOf(pane, ratio, origin);
    const { originX, originY, scale } = deviceView(this.viewportOf(id, pane, picture), rect, ratio);
    const deviceX = Math.floor((clientX - origin.left) * ratio) - rect.left;
    const deviceY = Math.floor((clientY - origin.top) * ratio) - rect.top;
    const x = imageIndexAt(deviceX, originX, scale, picture.width);
    const y = imageIndexAt(deviceY, originY, scale, picture.height);
    if (x === NOWHERE || y === NOWHERE) return null;
    const { split } = pane.content;
    return { x, y, isRightOfSplit: split !== null && deviceX >= splitColumn(split.at, rect.width) };
  }

  /** The pane's viewport as it is seen now: of a fitted pane what fitting gives. */
  viewport(id: string): { view: Viewport; image: Size; pane: Size } | null {
    const pane = this.panes.get(id);
    const picture = pane?.content.picture ?? null;
    if (pane === undefined || picture === null) return null;
    const { width, height } = pane.element.getBoundingClientRect();
    return { view: this.viewportOf(id, pane, picture), image: picture, pane: { width, height } };
  }

  readonly requestDraw = (): void => {
    this.frame ??= requestAnimationFrame(() => this.drawNow());
  };

  /** Draws at once, before the browser paints a new size. */
  drawNow(isRough = false): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    const start = performance.now();
    const ratio = window.devicePixelRatio;
    const size = this.placeCanvas(ratio);
    if (size.width === 0 || size.height === 0) return;
    const origin = this.canvas.getBoundingClientRect();
    const drawings = [...this.panes].map(([id, pane]) => this.drawingOf(id, pane, ratio, origin));
    this.renderer.draw({ ...size, background: this.background, isRough }, drawings);
    this.onDrawn?.(performance.now() - start);
  }

  /** Draws again when more of a photograph is there. @returns what ends that */
  private follow({ picture, split }: PaneContent): () => void {
    const photos = [picture?.photo, split?.picture.photo].filter((photo) => photo instanceof TiledPhoto);
    const ends = photos.map((photo) => photo.subscribe(this.requestDraw));
    return () => {
      for (const end of ends) end();
    };
  }

  private readonly onViewMoved = (): void => {
    clearTimeout(this.settling);
    // What was drawn roughly in motion is drawn well at rest.
    if (this.pace.isSlow) this.settling = setTimeout(() => this.drawNow(), REST_MS);
    if (this.frame !== null) return;
    const asked = performance.now();
    this.frame = requestAnimationFrame(() => {
      this.pace = paceAfter(this.pace, performance.now() - asked);
      this.drawNow(this.pace.isSlow);
    });
  };

  private drawingOf(id: string, pane: Pane, ratio: number, origin: DOMRect): PaneDrawing {
    const rect = this.rectOf(pane, ratio, origin);
    const { picture, split, style } = pane.content;
    if (picture === null) return { rect, view: null, strips: [], style };
    const view = deviceView(this.viewportOf(id, pane, picture), rect, ratio);
    return { rect, view, strips: stripsOf(picture, split, rect), style };
  }

  private viewportOf(id: string, { element }: Pane, picture: Picture): Viewport {
    const view = viewOf(this.views.get(), id);
    if (view !== null) return view;
    const { width, height } = element.getBoundingClientRect();
    return fitView(picture, { width, height });
  }

  private rectOf({ element }: Pane, ratio: number, origin: DOMRect): DeviceRect {
    return deviceRect(element.getBoundingClientRect(), origin, ratio);
  }

  /** Puts the canvas exactly on device pixels, so that the browser shows its pixels as they are. */
  private placeCanvas(ratio: number): { width: number; height: number } {
    const box = this.host.getBoundingClientRect();
    const left = Math.round(box.left * ratio) / ratio - box.left;
    const top = Math.round(box.top * ratio) / ratio - box.top;
    const width = Math.round(box.right * ratio) - Math.round(box.left * ratio);
    const height = Math.round(box.bottom * ratio) - Math.round(box.top * ratio);
    const place = `${left} ${top} ${width / ratio} ${height / ratio}`;
    if (place !== this.canvasPlace) {
      this.canvasPlace = place;
      const { style } = this.canvas;
      style.left = `${left}px`;
      style.top = `${top}px`;
      style.width = `${width / ratio}px`;
      style.height = `${height / ratio}px`;
    }
    return { width, height };
  }

  private readonly onContextLost = (event: Event): void => event.preventDefault();

  private readonly onContextRestored = (): void => {
    this.renderer = createRenderer(this.canvas);
    this.requestDraw();
  };
}

function stripsOf(picture: Picture, split: PaneContent["split"], { width }: DeviceRect): readonly Strip[] {
  if (split === null) return [{ picture, from: 0, to: width }];
  const at = splitColumn(split.at, width);
  return [
    { picture, from: 0, to: at },
    { picture: split.picture, from: at, to: width },
  ];
}
