// Settings, checkpoints, the database's own sentences, and where the workspace is.
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CheckpointStore } from "../../../src-main/workspace/checkpoint-store.ts";
import { Database } from "../../../src-main/workspace/database.ts";
import { openDatabase } from "../../../src-main/workspace/open-database.ts";
import { SettingsStore } from "../../../src-main/workspace/settings-store.ts";
import { workspaceFolder } from "../../../src-main/workspace/workspace-folder.ts";
import type { CheckpointKey } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { settingsSchema } from "../../../src-shared/contract/workbench/system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { aCheckpoint } from "../../helpers/workbench-entities.ts";

function openTestDatabase(): Database {
  const { database } = openDatabase(join(temporaryFolder(), "test.db"), new Date(0));
  onTestFinished(() => database.close());
  return database;
}

test("settings have their defaults until they are set", () => {
  const settings = new SettingsStore(openTestDatabase());
  const defaults = settingsSchema.parse({});
  expect(settings.get()).toEqual(defaults);
  const changed = { ...defaults, theme: "dark" as const, threads: 3, keys: { "run.start": "g" } };
  expect(settings.set(changed)).toEqual(changed);
  expect(settings.set({ ...changed, threads: null }).threads).toBeNull();
});

test("a setting that can't be read any more falls back to its default, the others stay", () => {
  const database = openTestDatabase();
  const settings = new SettingsStore(database);
  settings.set({ ...settingsSchema.parse({}), theme: "dark", overlayOpacity: 0.25 });
  database.run("UPDATE setting SET value = '\"purple\"' WHERE name = 'theme'");
  database.run("INSERT INTO setting (name, value) VALUES ('fromTheFuture', '1')");
  expect(settings.get()).toEqual({ ...settingsSchema.parse({}), overlayOpacity: 0.25 });
});

test("remembers a mark, which is no setting", () => {
  const settings = new SettingsStore(openTestDatabase());
  expect(settings.hasMark("sampleDatasetOpened")).toBe(false);
  settings.setMark("sampleDatasetOpened");
  expect(settings.hasMark("sampleDatasetOpened")).toBe(true);
  expect(settings.hasMark("sampleCheckpointOpened")).toBe(false);
  expect(settings.get()).toEqual(settingsSchema.parse({}));
});

test("keeps checkpoints with their keys, found by id and by path", () => {
  const checkpoints = new CheckpointStore(openTestDatabase());
  const checkpoint = aCheckpoint();
  const keys: CheckpointKey[] = [
    { key: "conv1.weight", dtype: "float32", shape: [64, 3, 7, 7], fit: "matched", expectedShape: null, noNumbers: 0 },
  ];
  checkpoints.save(checkpoint, keys);
  expect(checkpoints.findByPath(checkpoint.path)).toEqual(checkpoint);
  expect(checkpoints.keys(checkpoint.id)).toEqual(keys);
  checkpoints.save({ ...checkpoint, alpha: null }, []);
  expect(checkpoints.list()).toEqual([{ ...checkpoint, alpha: null }]);
  expect(checkpoints.setAvailable(checkpoint.id, false).isAvailable).toBe(false);
  checkpoints.remove(checkpoint.id);
  expect(() => checkpoints.get(checkpoint.id)).toThrow(expect.objectContaining({ code: "workspace.unknown" }));
});

test("a database that can't grow says that the disk is full, and keeps what it has", () => {
  const database = new Database(join(temporaryFolder(), "small.db"));
  onTestFinished(() => database.close());
  database.execute("CREATE TABLE t (a); INSERT INTO t VALUES ('kept'); PRAGMA max_page_count = 5");
  const fill = () =>
    database.transaction(() => {
      for (let i = 0; i < 100; i += 1) database.run("INSERT INTO t VALUES (?)", "x".repeat(1000));
    });
  expect(fill).toThrow(expect.objectContaining({ code: "output.diskFull" }));
  expect(database.column("SELECT a FROM t")).toEqual(["kept"]);
  database.transaction(() => database.run("UPDATE t SET a = 'still works'"));
});

test("the workspace is where one says, or where the system keeps a program's data", () => {
  const linux = { env: {}, platform: "linux", home: "/home/me" } as const;
  expect(workspaceFolder(undefined, linux)).toBe(join("/home/me", ".local", "share", "acclimate"));
  expect(workspaceFolder(undefined, { ...linux, env: { XDG_DATA_HOME: "/data" } })).toBe(join("/data", "acclimate"));
  expect(workspaceFolder(undefined, { ...linux, env: { ACCLIMATE_WORKSPACE: "/w" } })).toBe(resolve("/w"));
  expect(workspaceFolder("x", { ...linux, env: { ACCLIMATE_WORKSPACE: "/w" } })).toBe(resolve("x"));
  expect(workspaceFolder(undefined, { ...linux, platform: "darwin" })).toMatch(/Application Support/);
  expect(workspaceFolder(undefined, { ...linux, platform: "win32", env: { LOCALAPPDATA: "C:\\L" } })).toMatch(/^C:\\L/);
});
