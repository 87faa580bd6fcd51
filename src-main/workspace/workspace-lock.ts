// Lets one server at a time have a workspace, and tells a second one where the first is.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AppError } from "../../src-shared/contract/errors.ts";
import { resultCodeOf, unwritableError } from "./database.ts";

/** Source: https://www.sqlite.org/rescode.html */
const BUSY = 5;
const NOT_A_DATABASE = 26;

const holderSchema = z.object({ pid: z.int(), url: z.string().nullable() });
type Holder = z.infer<typeof holderSchema>;

/**
 * The lock itself is one of the operating system, on an empty SQLite file: it ends with the process however that ends,
 * so nothing stale is ever left, and a process number that was given out again deceives nobody. Who holds it stands
 * beside it in a file that can be read.
 */
export class WorkspaceLock {
  readonly #connection: DatabaseSync;
  readonly #holderPath: string;
  readonly #pid: number;

  /** @throws AppError `workspace.locked` when another server has the workspace, `output.unwritable` */
  constructor(folder: string, pid: number = process.pid) {
    this.#holderPath = join(folder, "workspace.lock");
    this.#pid = pid;
    this.#connection = lockedConnection(folder, this.#holderPath);
    this.announce(null);
  }

  /** Says where this server is, for the sentence that a second one shows. The address has the key in it: for this user only. */
  announce(url: string | null): void {
    const holder: Holder = { pid: this.#pid, url };
    writeFileSync(this.#holderPath, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  }

  release(): void {
    rmSync(this.#holderPath, { force: true });
    this.#connection.close();
  }
}

function lockedConnection(folder: string, holderPath: string): DatabaseSync {
  const path = join(folder, "lock.db");
  try {
    return exclusive(path);
  } catch (error) {
    const code = resultCodeOf(error);
    if (code === BUSY) throw lockedError(folder, holderPath);
    if (code !== NOT_A_DATABASE) throw unwritableError(path, error);
    rmSync(path); // it never holds anything: whatever is in there is not ours
    return exclusive(path);
  }
}

function exclusive(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, { timeout: 0 });
  try {
    // Never committed: without anything to write, not even a journal is.
    connection.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function lockedError(folder: string, holderPath: string): AppError {
  const holder = readHolder(holderPath);
  const who = holder === null ? "another Acclimate" : `another Acclimate (process ${holder.pid})`;
  const where = holder?.url ? `it is at ${holder.url}` : "it is just starting";
  const advice = holder?.url ? "open that address" : "try again in a moment";
  return new AppError(
    "workspace.locked",
    `The workspace "${folder}" is open in ${who}: ${where}; ${advice}, or choose another folder with --workspace.`,
  );
}

function readHolder(path: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null; // just being written: the sentence does without
  }
}
