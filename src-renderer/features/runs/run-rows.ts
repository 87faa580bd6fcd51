// The rows of the table: runs, with a heading over each group of them, of which some are folded.
import type { RunSection } from "../../../src-shared/contract/workbench/run-query.ts";

export type TableRow =
  | { readonly kind: "section"; readonly section: RunSection; readonly isFolded: boolean }
  /** `place`: the how many-th run of the list, folded ones counted in. */
  | { readonly kind: "run"; readonly place: number };

/** What tells a group from the others, as text. */
export function sectionKey({ key }: Pick<RunSection, "key">): string {
  return JSON.stringify(key);
}

interface Stretch {
  readonly section: RunSection;
  readonly isFolded: boolean;
  /** Of the heading, and how many rows follow. */
  readonly row: number;
  readonly shown: number;
  /** Of its first run, and how many runs there are. */
  readonly place: number;
}

export class RunRows {
  readonly #stretches: readonly Stretch[];
  /** Rows, headings counted in. */
  readonly count: number;

  /** @param sections  in the order of the list; null: runs without headings */
  constructor(total: number, sections: readonly RunSection[] | null, folded: ReadonlySet<string>) {
    let [row, place] = [0, 0];
    this.#stretches = (sections ?? []).map((section) => {
      const isFolded = folded.has(sectionKey(section));
      const shown = isFolded ? 0 : section.count;
      const stretch = { section, isFolded, row, shown, place };
      row += 1 + shown;
      place += section.count;
      return stretch;
    });
    this.count = sections === null ? total : row;
  }

  at(row: number): TableRow {
    if (this.#stretches.length === 0) return { kind: "run", place: row };
    const stretch = this.#stretches.findLast((one) => one.row <= row);
    if (stretch === undefined) return { kind: "run", place: row };
    const { section, isFolded, place } = stretch;
    if (stretch.row === row) return { kind: "section", section, isFolded };
    return { kind: "run", place: place + row - stretch.row - 1 };
  }

  /** Row of a run; -1 in a folded group. */
  rowOf(place: number): number {
    if (this.#stretches.length === 0) return place;
    const stretch = this.#stretches.findLast((one) => one.place <= place);
    if (stretch === undefined || stretch.isFolded) return -1;
    return stretch.row + 1 + place - stretch.place;
  }

  /** Places of the runs between two rows, both counted in. */
  places(from: number, to: number): readonly number[] {
    const places: number[] = [];
    for (let row = Math.max(0, from); row <= Math.min(to, this.count - 1); row++) {
      const found = this.at(row);
      if (found.kind === "run") places.push(found.place);
    }
    return places;
  }

  /** The next row in a direction that holds a run; null where there is none. */
  runRow(row: number, step: 1 | -1): number | null {
    for (let at = row; at >= 0 && at < this.count; at += step) {
      if (this.at(at).kind === "run") return at;
    }
    return null;
  }
}

/** Groups without the runs that are being deleted, whose places in the list are given. */
export function withoutHidden(sections: readonly RunSection[], hiddenPlaces: readonly number[]): readonly RunSection[] {
  if (hiddenPlaces.length === 0) return sections;
  let start = 0;
  return sections.flatMap((section) => {
    const end = start + section.count;
    const hidden = hiddenPlaces.filter((place) => place >= start && place < end).length;
    start = end;
    return section.count === hidden ? [] : [{ ...section, count: section.count - hidden }];
  });
}
