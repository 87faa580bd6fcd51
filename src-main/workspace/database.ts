// A SQLite database with its statements kept prepared, and transactions that nest.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

export type Row = Readonly<Record<string, unknown>>;

const MAX_STATEMENTS = 200; // filters make new ones without end

export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(path: string) {
    this.#connection = new DatabaseSync(path);
    // NORMAL: the end of the process loses nothing, a power cut at most the last moments; neither damages the file.
    this.run("PRAGMA journal_mode = WAL");
    this.run("PRAGMA synchronous = NORMAL");
    this.run("PRAGMA foreign_keys = ON");
    this.run("PRAGMA cache_size = -65536"); // 64 MiB: the image table of 100,000 images fits
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values);
  }

  first(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /** Several statements at once, for a schema. */
  execute(sql: string): void {
    this.#connection.exec(sql);
  }

  /** All or nothing; inside another transaction it is a part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#connection.exec("BEGIN IMMEDIATE");
    this.#depth += 1;
    try {
      const result = work();
      this.#connection.exec("COMMIT");
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
    const [oldest] = this.#statements.keys();
    if (this.#statements.size >= MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
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
