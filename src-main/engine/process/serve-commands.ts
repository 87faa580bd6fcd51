// Answers commands that come through a channel: each starts at once, can be stopped or held, and is answered exactly once.
import {
  CANCELLED_CODE,
  ENGINE_COMMANDS,
  type EngineCommand,
  type EngineRequest,
  engineRequestSchema,
} from "../../../src-shared/contract/engine-protocol.ts";
import { AppError, BugError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { Failure } from "../../../src-shared/contract/results.ts";
import { PauseSwitch } from "../training/pause-switch.ts";
import type { Channel } from "./channel.ts";
import type { Handler, HandlerContext, Handlers } from "./handler.ts";

export function serveCommands(channel: Channel, handlers: Handlers): void {
  const running = new Map<number, { readonly controller: AbortController; readonly pause: PauseSwitch }>();

  async function start({ id, command, input }: EngineRequest & { type: "start" }): Promise<void> {
    const controller = new AbortController();
    const pause = new PauseSwitch();
    running.set(id, { controller, pause });
    try {
      const tell = (event: unknown): void => channel.send({ type: "event", id, event });
      const output = await answer(handlers, command, input, {
        signal: controller.signal,
        pause,
        isAlone: () => running.size === 1,
        tell,
      });
      channel.send({ type: "result", id, output });
    } catch (error) {
      channel.send({ type: "error", id, error: failureFrom(error) });
    } finally {
      running.delete(id);
    }
  }

  channel.onMessage((message) => {
    const request = engineRequestSchema.parse(message);
    switch (request.type) {
      case "start":
        void start(request);
        return;
      case "cancel":
        running.get(request.id)?.controller.abort();
        return;
      case "pause":
        running.get(request.id)?.pause.pause();
        return;
      case "resume":
        running.get(request.id)?.pause.resume();
        return;
      default:
        request satisfies never;
    }
  });
  channel.send({ type: "ready" });
}

async function answer(
  handlers: Handlers,
  command: string,
  input: unknown,
  context: Omit<HandlerContext<never>, "tell"> & { readonly tell: (event: unknown) => void },
): Promise<unknown> {
  if (!isCommand(command)) throw new BugError(`the engine process has no command "${command}"`);
  // The table pairs each name with its own types; TypeScript does not follow a pair through a union.
  const handler = handlers[command] as Handler<never>;
  return handler(ENGINE_COMMANDS[command].input.parse(input) as never, context);
}

function isCommand(name: string): name is EngineCommand {
  return Object.hasOwn(ENGINE_COMMANDS, name);
}

function failureFrom(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  if (error instanceof CancelledError) return { code: CANCELLED_CODE, message: error.message };
  return { code: "bug", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
