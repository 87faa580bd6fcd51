// What the datasets ask of the background process.
import type {
  EngineCommand,
  EngineEvent,
  EngineInput,
  EngineOutput,
} from "../../../src-shared/contract/engine-protocol.ts";

export type DatasetCommand = Extract<
  EngineCommand,
  | "detectDataset"
  | "listDataset"
  | "thumbnail"
  | "pixels"
  | "imageSize"
  | "photoTiles"
  | "view"
  | "stylize"
  | "groundTruth"
  | "presentClasses"
>;

export interface DatasetBackground {
  /** @throws AppError, CancelledError */
  request<C extends DatasetCommand>(
    command: C,
    input: EngineInput<C>,
    options?: { readonly signal?: AbortSignal; readonly onEvent?: (event: EngineEvent<C>) => void },
  ): Promise<EngineOutput<C>>;
}
