// Opens the workspace's database whatever state it is in: new, of an older version, or damaged.
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";
import { Database } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

export interface OpenedDatabase {
  readonly database: Database;
  /** Sentences for the user, such as that a damaged file was put aside. */
  readonly notices: readonly string[];
}

/**
 * A damaged file is renamed, never deleted, and the last backup takes its place, or an empty database where there is none.
 *
 * @throws AppError `workspace.newer`, `output.unwritable`, `output.diskFull`
 */
export function openDatabase(path: string, now: Date, migrations: readonly string[] = MIGRATIONS): OpenedDatabase {
  const wasCut = existsSync(`${path}-wal`); // the last program ended without closing it
  const intact = openIntact(path);
  if (intact !== null) {
    if (wasCut || versionOf(intact) < migrations.length) backUp(intact, path);
    return { database: migrated(intact, path, migrations), notices: [] };
  }
  const aside = putAside(path, now);
  const kept = `The workspace's database was damaged and is kept as "${aside}"`;
  const restored = restoreBackup(path);
  if (restored !== null) {
    const notice = `${kept}; the copy of ${localMinute(restored.madeAt)} took its place, and what came later is missing.`;
    return { database: migrated(restored.database, path, migrations), notices: [notice] };
  }
  const notice = `${kept}; there was no copy of it, so the workspace starts anew. Open your folders again; files of runs are still there.`;
  return { database: migrated(new Database(path), path, migrations), notices: [notice] };
}

/** Closes the database and keeps a copy of it, for the day when it is damaged. */
export function closeDatabase(database: Database, path: string): void {
  database.execute("PRAGMA optimize");
  backUp(database, path);
  database.close();
}

export function backupPath(path: string): string {
  return `${path}.backup`;
}

/** Null when it is damaged; a file that is not there becomes an empty database, which is intact. */
function openIntact(path: string): Database | null {
  let database: Database | undefined;
  try {
    database = new Database(path);
    const [check] = Object.values(database.first("PRAGMA quick_check(1)") ?? {});
    if (check === "ok") return database;
    database.close();
    return null;
  } catch (error) {
    database?.close();
    if (error instanceof AppError && error.code === "workspace.damaged") return null;
    throw error;
  }
}

function migrated(database: Database, path: string, migrations: readonly string[]): Database {
  const version = versionOf(database);
  if (version > migrations.length) {
    database.close();
    throw new AppError(
      "workspace.newer",
      `The workspace's database "${path}" was written by a newer Acclimate (version ${version}, known here up to ${migrations.length}); ` +
        "use that one, or choose another folder with --workspace.",
    );
  }
  // Each step with its number: a program that ends in between goes on from there.
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => database.execute(`${step}; PRAGMA user_version = ${index + 1}`));
  }
  return database;
}

function versionOf(database: Database): number {
  return Number(database.first("PRAGMA user_version")?.user_version);
}

/** Copies beside the old copy first: there always is a whole one. A disk without space for it is no reason to stop. */
function backUp(database: Database, path: string): void {
  if (versionOf(database) === 0) return; // nothing in it yet
  const temporary = `${backupPath(path)}.tmp`;
  try {
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    copyFileSync(path, temporary);
    renameSync(temporary, backupPath(path));
  } catch {
    rmSync(temporary, { force: true }); // the older copy stays
  }
}

function restoreBackup(path: string): { database: Database; madeAt: Date } | null {
  const backup = backupPath(path);
  if (!existsSync(backup)) return null;
  copyFileSync(backup, path);
  const database = openIntact(path);
  if (database !== null) return { database, madeAt: statSync(backup).mtime };
  removeFiles(path);
  return null;
}

/** @returns the new name of the file */
function putAside(path: string, now: Date): string {
  const stamp = now.toISOString().slice(0, "2000-01-01T00:00:00".length).replaceAll(":", "-");
  let aside = `${path}.damaged-${stamp}`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.damaged-${stamp}-${n}`;
  renameSync(path, aside);
  // The write-ahead log belongs to it: it may hold what the file lacks, and must not be applied to another.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`);
  rmSync(`${path}-shm`, { force: true });
  return basename(aside);
}

function removeFiles(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

/** "2026-01-31 09:30", in the user's time. */
function localMinute(date: Date): string {
  const [year, ...rest] = [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];
  const [month, day, hour, minute] = rest.map((part) => String(part).padStart(2, "0"));
  return `${year}-${month}-${day} ${hour}:${minute}`;
}
