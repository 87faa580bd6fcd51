// Draws the lines of parallel coordinates: faint where a brush leaves them out, strong where they are selected.

export interface DrawnLines {
  /** Of each run its share on each axis; NaN: none. */
  readonly shares: Float32Array;
  readonly axisX: readonly number[];
  readonly height: number;
  readonly lines: readonly { readonly isShown: boolean; readonly isIn: boolean }[];
  readonly ids: readonly string[];
  readonly selected: ReadonlySet<string>;
  readonly hovered: number | null;
}

export function drawLines(canvas: HTMLCanvasElement, drawn: DrawnLines): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = window.devicePixelRatio;
  const width = drawn.axisX.at(-1) ?? 0;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(drawn.height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name);
  const runs = drawn.lines.flatMap(({ isShown }, run) => (isShown ? [run] : []));
  const isMarked = (run: number) => drawn.selected.has(drawn.ids[run] ?? "");
  const isIn = (run: number) => drawn.lines[run]?.isIn === true;
  const strength = lineStrength(runs.filter(isIn).length);
  const draw = (which: readonly number[], stroke: string, alpha: number, lineWidth: number) => {
    Object.assign(context, { strokeStyle: stroke, globalAlpha: alpha, lineWidth, lineJoin: "round" });
    for (const run of which) strokeLine(context, drawn, run);
  };
  draw(
    runs.filter((run) => !isIn(run)),
    color("--text-dim"),
    strength / 4,
    1,
  );
  draw(
    runs.filter((run) => isIn(run) && !isMarked(run)),
    color("--accent-text"),
    strength,
    1,
  );
  draw(runs.filter(isMarked), color("--warning"), 1, 2.5);
  if (drawn.hovered !== null) draw([drawn.hovered], color("--text"), 1, 2);
}

/** Few lines are drawn solidly, thousands so that their density shows. */
export function lineStrength(count: number): number {
  return Math.min(0.85, Math.max(0.02, 3 / Math.sqrt(Math.max(1, count))));
}

function strokeLine(context: CanvasRenderingContext2D, { shares, axisX, height }: DrawnLines, run: number): void {
  context.beginPath();
  let isOpen = false;
  for (const [place, x] of axisX.entries()) {
    const share = shares[run * axisX.length + place] ?? Number.NaN;
    if (Number.isNaN(share)) {
      isOpen = false; // a run without this value: its line has a gap
      continue;
    }
    const y = (1 - share) * height;
    if (isOpen) context.lineTo(x, y);
    else context.moveTo(x, y);
    isOpen = true;
  }
  context.stroke();
}
