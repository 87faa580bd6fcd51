// A line of a data set's table of ids.

/** Id in the label file, what the data set calls it, and the class among the 19 that it counts as; null: ignored. */
export type LabelRow = readonly [id: number, name: string, countsAs: string | null];
