// A program of its own, on a thread: reads and scores images while the engine computes others.
import { type Answer, answerRequests } from "../threads/answer-requests.ts";
import type { ImageAnswer, ImageRequest } from "./image-threads.ts";
import { readImage } from "./read-image.ts";
import { scoreImage } from "./score-image.ts";

answerRequests(async (request: ImageRequest): Promise<Answer<ImageAnswer>> => {
  if (request.type === "score") {
    const scored = scoreImage(request);
    return { output: scored, transfer: [scored.prediction.data.buffer] };
  }
  const read = await readImage(request.item, request.model);
  return { output: read, transfer: [read.image.data.buffer] };
});
