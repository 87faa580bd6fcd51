// Which buffers a thread can hand over to another.
import { isMarkedAsUntransferable } from "node:worker_threads";

/** What native code owns, such as a picture that sharp has decoded, is copied instead. */
export function transferable(buffers: readonly ArrayBufferLike[]): ArrayBuffer[] {
  return buffers
    .filter((buffer) => buffer instanceof ArrayBuffer)
    .filter((buffer) => !isMarkedAsUntransferable(buffer));
}
