// The file that holds what is known of each image: one JSON line an image, written as soon as the image is done.
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../../../src-shared/contract/errors.ts";
import {
  type EvaluatedImage,
  evaluatedImageSchema,
  type FailedImage,
  failedImageSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { outputErrorFrom } from "../../files/output-error.ts";

export interface Records {
  /** By key; of an image that was tried twice the later record counts. */
  readonly evaluated: ReadonlyMap<string, EvaluatedImage>;
  readonly failed: ReadonlyMap<string, FailedImage>;
}

/** Some five hundred records of 19 classes: a file of 70,000 images is too long for one string. */
const CHUNK_BYTES = 8 * 2 ** 20;
const LINE_BREAK = 0x0a;

/**
 * What the file holds; nothing when it is not there. A line that breaks off, as a killed process leaves it, is as if the
 * image had not been evaluated.
 */
export async function readRecords(path: string): Promise<Records> {
  return new RecordsReader(path).read();
}

/** Reads a file that grows: each time only what is new. */
export class RecordsReader {
  readonly path: string;
  #evaluated = new Map<string, EvaluatedImage>();
  #failed = new Map<string, FailedImage>();
  /** Where the first line begins that has not been taken. */
  #offset = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** What the file holds now. @throws AppError `input.unreadable` */
  async read(): Promise<Records> {
    const file = await openIfThere(this.path);
    try {
      // A shorter file is another one.
      if (file === null || (await file.stat()).size < this.#offset) this.#forget();
      if (file !== null) await this.#readOn(file);
    } finally {
      await file?.close();
    }
    return { evaluated: this.#evaluated, failed: this.#failed };
  }

  async #readOn(file: FileHandle): Promise<void> {
    let rest = Buffer.alloc(0);
    let position = this.#offset;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = text.lastIndexOf(LINE_BREAK) + 1;
      for (const line of text.toString("utf8", 0, end).split("\n")) this.#take(line);
      this.#offset += end;
      rest = text.subarray(end);
    }
  }

  #take(line: string): void {
    const value = parsed(line);
    const image = evaluatedImageSchema.safeParse(value);
    if (image.success) {
      this.#evaluated.set(image.data.key, image.data);
      this.#failed.delete(image.data.key);
      return;
    }
    const failure = failedImageSchema.safeParse(value);
    if (failure.success && !this.#evaluated.has(failure.data.key)) this.#failed.set(failure.data.key, failure.data);
  }

  #forget(): void {
    this.#evaluated = new Map();
    this.#failed = new Map();
    this.#offset = 0;
  }
}

/** Appends records; each is on the disk when its promise resolves. */
export class RecordsWriter<Entry extends object = EvaluatedImage | FailedImage> {
  private readonly path: string;
  private readonly file: FileHandle;
  /** Whether the last record may have broken off. */
  private isBroken = false;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  /** @throws AppError `output.unwritable`, `output.diskFull` */
  static async open<Entry extends object = EvaluatedImage | FailedImage>(path: string): Promise<RecordsWriter<Entry>> {
    try {
      const file = await open(path, "a+");
      const writer = new RecordsWriter<Entry>(path, file);
      // A line that broke off is ended, so that the next record has a line of its own.
      if (!(await endsWithLineBreak(file))) await file.write("\n");
      return writer;
    } catch (error) {
      throw outputErrorFrom(path, error);
    }
  }

  /** @throws AppError `output.diskFull`; it can be tried again */
  async append(record: Entry): Promise<void> {
    try {
      await this.file.appendFile(`${this.isBroken ? "\n" : ""}${JSON.stringify(record)}\n`);
      await this.file.datasync();
      this.isBroken = false;
    } catch (error) {
      this.isBroken = true;
      throw outputErrorFrom(this.path, error);
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function endsWithLineBreak(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === LINE_BREAK;
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new AppError("input.unreadable", `"${path}" can't be read (${code}).`, { cause: error });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
