// One image that a command works on.

export interface RunInput {
  readonly path: string;
  /** What its output files are called; may begin with subfolders. */
  readonly name: string;
  readonly labelPath: string | null;
  readonly domain?: string;
}
