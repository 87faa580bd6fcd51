// The program itself: versions, devices, memory, folders to choose from, settings.
import { availableParallelism, homedir, totalmem } from "node:os";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type {
  Device,
  EngineState,
  FolderListing,
  MemoryUse,
  Settings,
  SystemInfo,
} from "../../../src-shared/contract/workbench/system.ts";
import { freeBytesAt } from "../../files/free-bytes.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { SystemService } from "../services.ts";
import { listFolder } from "./list-folder.ts";

/** What the system service asks of the engine processes. */
export interface EngineView {
  state(): EngineState;
  /** Bytes that all of them hold. */
  memoryBytes(): number;
  devices(threads: number | null): Promise<Device[]>;
  restart(): Promise<void>;
}

export interface SystemParts {
  /** With which pages of this launch prove to the next one that they were let in. */
  readonly proofKey: string;
  readonly version: string;
  readonly workspace: Pick<Workspace, "folder" | "settings" | "notices">;
  readonly engine: EngineView;
  readonly publish: (event: WorkbenchEvent) => void;
}

export class System implements SystemService {
  readonly #parts: SystemParts;

  constructor(parts: SystemParts) {
    this.#parts = parts;
  }

  async info(): Promise<SystemInfo> {
    const { version, workspace, engine } = this.#parts;
    return {
      version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryBytes: totalBytes(),
      workspacePath: workspace.folder,
      engine: engine.state(),
      notices: [...workspace.notices],
    };
  }

  async proofKey(): Promise<string> {
    return this.#parts.proofKey;
  }

  devices(): Promise<Device[]> {
    return this.#parts.engine.devices(this.#parts.workspace.settings.get().threads);
  }

  async memory(): Promise<MemoryUse> {
    return {
      engineBytes: this.#parts.engine.memoryBytes(),
      serverBytes: process.memoryUsage.rss(),
      freeBytes: process.availableMemory(),
      totalBytes: totalBytes(),
      diskFreeBytes: await freeBytesAt(this.#parts.workspace.folder),
    };
  }

  restartEngine(): Promise<void> {
    return this.#parts.engine.restart();
  }

  listFolder(path: string | null): Promise<FolderListing> {
    return listFolder(path ?? homedir());
  }

  async settings(): Promise<Settings> {
    return this.#parts.workspace.settings.get();
  }

  async setSettings(settings: Settings): Promise<Settings> {
    const { workspace, publish } = this.#parts;
    const saved = workspace.settings.set(settings);
    publish({ type: "settingsChanged", settings: saved });
    return saved;
  }
}

/** Of the machine, or of the container that this runs in. */
function totalBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
