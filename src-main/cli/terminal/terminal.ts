// The two text streams of a command, and the one line on the terminal that changes in place.
import type { WriteStream } from "node:tty";

/** Erases the line the cursor is in and goes to its start (ECMA-48: CR, then EL 2). */
const ERASE_LINE = "\r\u001b[2K";
const DEFAULT_COLUMNS = 80;

type TextStream = Pick<WriteStream, "write" | "on"> & { readonly isTTY?: boolean; readonly columns?: number };

/** Results go to stdout, all else to stderr. */
export class Terminal {
  readonly #stdout: TextStream;
  readonly #stderr: TextStream;
  #progress = "";
  #isReaderGone = false;
  #hasPrinted = false;
  /** Whether a line may change in place: somebody looks at stderr, in a terminal that understands it. */
  readonly isInteractive: boolean;

  constructor(stdout: TextStream, stderr: TextStream, term: string | undefined) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.isInteractive = stderr.isTTY === true && term !== "dumb";
    // `| head` closes the pipe when it has seen enough. That is no failure, and files are still being written.
    stdout.on("error", () => {
      this.#isReaderGone = true;
    });
    stderr.on("error", () => undefined);
  }

  /** Width for tables and help. */
  get columns(): number {
    return this.#stdout.columns || this.#stderr.columns || DEFAULT_COLUMNS; // 0 where a terminal does not know
  }

  get hasPrinted(): boolean {
    return this.#hasPrinted;
  }

  /** A part of the result. */
  print(...lines: readonly string[]): void {
    this.clearProgress();
    this.#hasPrinted = true;
    if (!this.#isReaderGone) this.#stdout.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Something to know beside the result. */
  notice(...lines: readonly string[]): void {
    const shown = this.#progress;
    this.clearProgress();
    this.#stderr.write(lines.map((line) => `${line}\n`).join(""));
    if (shown !== "") this.progress(shown);
  }

  /** Replaces the line that changes in place; nothing where nobody looks. */
  progress(line: string): void {
    if (!this.isInteractive) return;
    const fitted = [...line].slice(0, (this.#stderr.columns || DEFAULT_COLUMNS) - 1).join("");
    this.#progress = fitted;
    this.#stderr.write(`${ERASE_LINE}${fitted}`);
  }

  clearProgress(): void {
    if (this.#progress === "") return;
    this.#progress = "";
    this.#stderr.write(ERASE_LINE);
  }
}
