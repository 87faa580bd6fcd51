// What a command of the engine process is: a function from its input to its output that can tell and be stopped.

import type { z } from "zod";
import type {
  ENGINE_COMMANDS,
  EngineCommand,
  EngineEvent,
  EngineOutput,
} from "../../../src-shared/contract/engine-protocol.ts";
import type { PauseSwitch } from "../training/pause-switch.ts";

export interface HandlerContext<C extends EngineCommand> {
  readonly signal: AbortSignal;
  /** Heard by commands that can be held between their steps. */
  readonly pause: PauseSwitch;
  /** Whether this process has nothing else to answer now. */
  readonly isAlone: () => boolean;
  readonly tell: (event: EngineEvent<C>) => void;
}

/** @throws AppError, CancelledError; anything else is a bug */
export type Handler<C extends EngineCommand> = (
  input: z.infer<(typeof ENGINE_COMMANDS)[C]["input"]>,
  context: HandlerContext<C>,
) => Promise<EngineOutput<C>>;

/** One for every command: a command without does not compile. */
export type Handlers = { readonly [C in EngineCommand]: Handler<C> };
