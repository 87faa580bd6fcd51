// Embeds images one after another; an image that can't be read is told and passed over.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { decodeImage } from "../../images/decode-image.ts";
import { embedImage } from "../../methods/inference/embed-image.ts";
import { stopIfCancelled } from "../../methods/shared/cancellation.ts";
import type { Handler } from "../handler.ts";
import type { ModelCache } from "../model-cache.ts";

export function embedImages(models: ModelCache): Handler<"embedImages"> {
  return async ({ checkpointPath, machine, images }, { signal, tell }) => {
    const { model } = await models.get({ path: checkpointPath, machine, alpha: null });
    for (const { key, path } of images) {
      stopIfCancelled(signal);
      try {
        const vector = await embedImage(model, await decodeImage(path));
        tell({ type: "embedded", key, vector: new Uint8Array(vector.buffer.slice(0)) });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        tell({ type: "unreadable", key, message: error.message });
      }
    }
    return null;
  };
}
