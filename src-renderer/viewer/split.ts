// Where the divider of a split pane goes.

const KEY_STEP = 0.01;

/** The first device column of the right side, of a pane so many device pixels wide. */
export function splitColumn(at: number, width: number): number {
  return Math.round(at * width);
}

export function splitFromPointer(clientX: number, { left, width }: { left: number; width: number }): number {
  return width === 0 ? 0.5 : Math.min(Math.max((clientX - left) / width, 0), 1);
}

/** @returns null for keys that don't move it */
export function splitAfterKey(at: number, key: string, isShift: boolean): number | null {
  const step = KEY_STEP * (isShift ? 10 : 1);
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - step);
    case "ArrowRight":
      return Math.min(1, at + step);
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return null;
  }
}
