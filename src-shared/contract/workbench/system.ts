// The program itself as the window shows it: versions, devices, memory, the engine's state, folders to choose from.
import { z } from "zod";
import { runColumnSchema } from "./run-query.ts";

const bytes = z.number().nonnegative();

export const engineStateSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("starting") }),
  z.object({ status: z.literal("ready") }),
  /** Ended by itself or by us; the next run starts it again. */
  z.object({ status: z.literal("stopped"), message: z.string() }),
  /** Ends at every start: runs are refused with this sentence until it is tried again. */
  z.object({ status: z.literal("failed"), message: z.string() }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

export const deviceSchema = z.object({
  runtime: z.string(),
  provider: z.string(),
  isAvailable: z.boolean(),
  note: z.string(),
});
export type Device = z.infer<typeof deviceSchema>;

export const systemInfoSchema = z.object({
  version: z.string(),
  platform: z.string(),
  cores: z.int(),
  memoryBytes: bytes,
  workspacePath: z.string(),
  engine: engineStateSchema,
  /** What was said once at start, such as that a damaged workspace was put aside. */
  notices: z.array(z.string()),
});
export type SystemInfo = z.infer<typeof systemInfoSchema>;

/** For the status bar. */
export const memoryUseSchema = z.object({
  engineBytes: bytes,
  serverBytes: bytes,
  freeBytes: bytes,
  totalBytes: bytes,
  diskFreeBytes: bytes,
});
export type MemoryUse = z.infer<typeof memoryUseSchema>;

/** A folder's content for choosing a path where there is no native dialog. */
export const folderListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(
    z.object({ name: z.string(), path: z.string(), kind: z.enum(["folder", "image", "checkpoint", "file"]) }),
  ),
  /** More entries than are listed. */
  isCut: z.boolean(),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

/** Settings the workspace remembers. Each is listed once, with its default. */
export const settingsSchema = z.object({
  theme: z.enum(["light", "dark", "auto"]).default("auto"),
  palette: z.enum(["cityscapes", "color-blind-safe"]).default("cityscapes"),
  /** Lines over the classes' areas, another pattern for each. */
  classPatterns: z.boolean().default(false),
  overlayOpacity: z.number().min(0).max(1).default(0.6),
  runtime: z.enum(["auto", "onnx", "tfjs"]).default("auto"),
  provider: z.string().default("auto"),
  threads: z.int().min(1).max(256).nullable().default(null),
  /** Named parameter sets of the adapt screen, as JSON of `RunConfigForm`. */
  presets: z
    .array(z.object({ name: z.string().min(1).max(80), config: z.record(z.string(), z.unknown()) }))
    .default([]),
  /** Saved filters of the grid, as JSON of `ImageQuery`. */
  views: z.array(z.object({ name: z.string().min(1).max(80), query: z.record(z.string(), z.unknown()) })).default([]),
  /** The table of runs: its columns after the image, the axes beside it, grouping and order. */
  runTable: z
    .object({
      columns: z.array(runColumnSchema).max(40).default(["method", "miou", "status", "createdAt"]),
      axes: z
        .array(runColumnSchema)
        .max(20)
        .default(["baseLr", "numEpochs", "threshold", "alpha", "entropy", "miou", "gain"]),
      showsAxes: z.boolean().default(false),
      groupBy: runColumnSchema.nullable().default(null),
      sort: z.object({ by: runColumnSchema, descending: z.boolean() }).nullable().default(null),
    })
    .prefault({}),
  /** Command id → keys, where they differ from the built-in ones. */
  keys: z.record(z.string(), z.string()).default({}),
  /** Both off until asked for: the program makes no request to the network by itself. */
  checkForUpdates: z.boolean().default(false),
  crashDumps: z.boolean().default(false),
});
export type Settings = z.infer<typeof settingsSchema>;
