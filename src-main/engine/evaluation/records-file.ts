// The file that holds what is known of each image: one JSON line an image, written as soon as the image is done.
import { type FileHandle, open, readFile } from "node:fs/promises";
import {
  type EvaluatedImage,
  evaluatedImageSchema,
  type FailedImage,
  failedImageSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { outputErrorFrom } from "../files/write-file-atomically.ts";

export interface Records {
  /** By key; of an image that was tried twice the later record counts. */
  readonly evaluated: ReadonlyMap<string, EvaluatedImage>;
  readonly failed: ReadonlyMap<string, FailedImage>;
}

/**
 * What the file holds; nothing when it is not there. A line that breaks off, as a killed process leaves it, is as if the
 * image had not been evaluated.
 */
export async function readRecords(path: string): Promise<Records> {
  const evaluated = new Map<string, EvaluatedImage>();
  const failed = new Map<string, FailedImage>();
  for (const line of (await textOf(path)).split("\n")) {
    const value = parsed(line);
    const image = evaluatedImageSchema.safeParse(value);
    if (image.success) {
      evaluated.set(image.data.key, image.data);
      failed.delete(image.data.key);
      continue;
    }
    const failure = failedImageSchema.safeParse(value);
    if (failure.success && !evaluated.has(failure.data.key)) failed.set(failure.data.key, failure.data);
  }
  return { evaluated, failed };
}

/** Appends records; each is on the disk before the next image begins. */
export class RecordsWriter {
  private readonly path: string;
  private readonly file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  /** @throws AppError `output.unwritable`, `output.diskFull` */
  static async open(path: string): Promise<RecordsWriter> {
    try {
      const file = await open(path, "a+");
      const writer = new RecordsWriter(path, file);
      // A line that broke off is ended, so that the next record has a line of its own.
      if (!(await endsWithLineBreak(file))) await file.write("\n");
      return writer;
    } catch (error) {
      throw outputErrorFrom(path, error);
    }
  }

  /** @throws AppError `output.diskFull` */
  async append(record: EvaluatedImage | FailedImage): Promise<void> {
    try {
      await this.file.appendFile(`${JSON.stringify(record)}\n`);
      await this.file.datasync();
    } catch (error) {
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
  return buffer[0] === 0x0a;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
