// The errors that cross a border: expected ones with a code and one clear sentence, cancellation, and bugs.

/** Every expected failure has one of these codes; callers choose words and exit codes by code, never by reading messages. */
export type ErrorCode =
  | "input.missing" // a file or folder that is not there
  | "input.unreadable" // there, but may not be read, or is empty of what was asked for
  | "input.option" // an option's value makes no sense
  | "image.format" // not an image, or one we do not read
  | "image.damaged" // an image file that breaks off or contradicts itself
  | "image.size" // an image too small or too large for what is asked
  | "label.size" // a label map whose size is not the image's
  | "label.ids" // a label map with ids that are no training ids
  | "checkpoint.format" // not a checkpoint file we read
  | "checkpoint.damaged" // a checkpoint that breaks off or contradicts itself
  | "checkpoint.hostile" // a pickle that asks for anything but tensors
  | "checkpoint.architecture" // keys of no architecture we know
  | "checkpoint.operator" // a node of an ONNX file that can't be read
  | "checkpoint.mismatch" // keys or shapes that do not fit the architecture
  | "checkpoint.values" // weights that are NaN or infinite
  | "checkpoint.classes" // another number of classes than asked for
  | "graph.shapeMismatch" // an op whose inputs do not fit together
  | "runtime.unavailable" // a runtime or a device that is not on this machine
  | "runtime.failed" // the runtime reported an error while it computed
  | "method.diverged" // a loss or prediction that is not a number
  | "run.differs" // a run that, repeated from its record, gives another result
  | "engine.ended" // the engine process ended before it answered
  | "engine.failed" // the engine process ends at every start
  | "machine.short" // a job that needs clearly more memory or disk than there is; it can be started anyway
  | "output.unwritable" // a folder or file that may not be written
  | "output.diskFull" // no space left
  | "input.outside" // a file that leads out of the folder that was opened
  | "workspace.locked" // another program has the workspace open
  | "workspace.damaged" // a workspace whose database contradicts itself
  | "workspace.newer" // a workspace that a newer version wrote
  | "workspace.unknown"; // an id of nothing that is in the workspace

/** An expected failure: one sentence that says what is wrong, where, and what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The user asked to stop. Not a failure: never logged as an error. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";

  constructor(message = "Cancelled.") {
    super(message);
  }
}

/** A broken invariant in our own code; the message asks for a report. */
export class BugError extends Error {
  override readonly name = "BugError";

  constructor(message: string, options?: { cause?: unknown }) {
    super(`${message} (this is a bug in Acclimate; please report it)`, options);
  }
}
