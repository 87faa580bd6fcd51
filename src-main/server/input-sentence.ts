// What is wrong with an input, in words.
import type { z } from "zod";

/** "config.threshold: the threshold is between 0 and 1" */
export function inputSentence(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ");
}
