// IoU class by class, beside another evaluation's.

export interface ClassRow {
  readonly trainId: number;
  readonly name: string;
  /** 0..1; null where the class is in neither labels nor predictions. */
  readonly iou: number | null;
  readonly other: number | null;
  /** This less the other; null where one of them is. */
  readonly gain: number | null;
}

export const CLASS_ORDERS = ["class", "iou", "gain"] as const;
export type ClassOrder = (typeof CLASS_ORDERS)[number];

/** Classes without a figure come last in every order but the classes' own. */
export function classRows(
  iou: readonly (number | null)[],
  other: readonly (number | null)[] | null,
  order: ClassOrder,
  names: readonly string[],
): readonly ClassRow[] {
  const rows = names.map((name, trainId): ClassRow => {
    const [own, others] = [iou[trainId] ?? null, other?.[trainId] ?? null];
    return { trainId, name, iou: own, other: others, gain: own === null || others === null ? null : own - others };
  });
  if (order === "class") return rows;
  const figure = (row: ClassRow) => (order === "iou" ? row.iou : row.gain) ?? Number.NEGATIVE_INFINITY;
  return rows.sort((a, b) => (figure(a) === figure(b) ? a.trainId - b.trainId : figure(b) - figure(a)));
}
