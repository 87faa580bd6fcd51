// A SQLite database with its statements kept prepared, transactions that nest, and errors in one sentence.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";
import { AppError } from "../../src-shared/contract/errors.ts";
import { diskFullError } from "../files/output-error.ts";

export type Row = Readonly<Record<string, unknown>>;

const MAX_STATEMENTS = 200; // filters make new ones without end

/** SQLite's result codes; extended ones have them in their lowest byte. Source: https://www.sqlite.org/rescode.html */
const RESULT = { readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

export class Database {
  readonly #path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new LRUCache<string, StatementSync>({ max: MAX_STATEMENTS });
  #depth = 0;

  /** @throws AppError `workspace.damaged`, `output.unwritable`, `output.diskFull`; every other method as well */
  constructor(path: string) {
    this.#path = path;
    this.#connection = this.#told(() => new DatabaseSync(path));
    try {
      // NORMAL: the end of the process loses nothing, a power cut at most the last moments; neither damages the file.
      this.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
      // 64 MiB: the image table of 100,000 images fits.
      this.execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
      this.execute("PRAGMA wal_autocheckpoint = 4000"); // 16 MiB: a listing waits less often for the disk
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#told(() => this.#prepared(sql).all(...values));
  }

  /** The first column of all rows; of a hundred thousand, in a third of the time that `all` takes. */
  column(sql: string, ...values: SQLInputValue[]): unknown[] {
    return this.table(sql, ...values).map(([value]) => value);
  }

  /** All rows as lists of their values. */
  table(sql: string, ...values: SQLInputValue[]): unknown[][] {
    return this.#told(() => {
      const statement = this.#connection.prepare(sql);
      statement.setReturnArrays(true);
      // The types of Node's own declaration know rows as objects only.
      return statement.all(...values) as unknown as unknown[][];
    });
  }

  first(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#told(() => this.#prepared(sql).get(...values));
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#told(() => Number(this.#prepared(sql).run(...values).changes));
  }

  /** @returns the place of the new row. RETURNING would do it too, at three times the price */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return this.#told(() => Number(this.#prepared(sql).run(...values).lastInsertRowid));
  }

  /** Several statements at once, without values. */
  execute(sql: string): void {
    this.#told(() => this.#connection.exec(sql));
  }

  /** All or nothing; inside another transaction it is a part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.execute("BEGIN IMMEDIATE");
    this.#depth += 1;
    try {
      const result = work();
      this.execute("COMMIT");
      return result;
    } catch (error) {
      // SQLite itself rolls back when the disk is full; a second time is an error that hides the first.
      if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK");
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sentenceFrom(this.#path, error);
    }
  }
}

/** A value for a column of JSON. */
export function jsonOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** What a column of JSON holds, to be checked with a schema. */
export function fromJson(text: unknown): unknown {
  return typeof text === "string" ? JSON.parse(text) : null;
}

/** The result code of an error of SQLite; undefined for any other. */
export function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}

function sentenceFrom(path: string, error: unknown): unknown {
  switch (resultCodeOf(error)) {
    case RESULT.corrupt:
    case RESULT.notADatabase: {
      const message = `The workspace's database "${path}" is damaged; start Acclimate again: it keeps the file aside and goes on without.`;
      return new AppError("workspace.damaged", message, { cause: error });
    }
    case RESULT.full:
      return diskFullError(path, error);
    case RESULT.readOnly:
    case RESULT.ioError:
    case RESULT.cannotOpen:
      return unwritableError(path, error);
    default:
      return error; // a bug of ours
  }
}

/** What SQLite says when the file system lets it do nothing. */
export function unwritableError(path: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The workspace's database "${path}" could not be written (${reason}); check the folder's permissions.`;
  return new AppError("output.unwritable", message, { cause });
}
