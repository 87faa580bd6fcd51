// Settings that the workspace remembers, one row each: one that can't be read any more falls back to its default.
import { type Settings, settingsSchema } from "../../src-shared/contract/workbench/system.ts";
import { type Database, fromJson, jsonOf } from "./database.ts";

/** Not shown to anybody: what the program itself remembers. */
export type Mark = "sampleDatasetOpened" | "sampleCheckpointOpened";

export class SettingsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(): Settings {
    const stored: Record<string, unknown> = {};
    for (const { name, value } of this.#database.all("SELECT name, value FROM setting")) {
      const field = settingsSchema.shape[name as keyof Settings] as
        | (typeof settingsSchema.shape)[keyof Settings]
        | undefined;
      const parsed = field?.safeParse(fromJson(value));
      if (parsed?.success) stored[String(name)] = parsed.data;
    }
    return settingsSchema.parse(stored);
  }

  set(settings: Settings): Settings {
    this.#database.transaction(() => {
      for (const [name, value] of Object.entries(settings)) this.#write(name, value);
    });
    return this.get();
  }

  hasMark(mark: Mark): boolean {
    return this.#database.first("SELECT 1 FROM setting WHERE name = ?", markName(mark)) !== undefined;
  }

  setMark(mark: Mark): void {
    this.#write(markName(mark), true);
  }

  #write(name: string, value: unknown): void {
    const sql =
      "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    this.#database.run(sql, name, jsonOf(value) ?? "null");
  }
}

/** With a dot, which no setting has. */
function markName(mark: Mark): string {
  return `mark.${mark}`;
}
