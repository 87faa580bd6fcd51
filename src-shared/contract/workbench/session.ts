// How a page that outlived its server gets the key of the next one: by a proof, never by sending what proves it.
import { z } from "zod";

/** GET tells the state, POST a proof. It is the one path, beside /health, that is answered without a key. */
export const SESSION_PATH = "/session";

export const sessionStateSchema = z.object({
  /** New with every launch. */
  launch: z.string(),
  /** Whether the request carries the key of this launch. */
  isOpen: z.boolean(),
  /** To be signed by a page of the launch before; null where none of its pages can be let in. */
  challenge: z.string().nullable(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

export const proofSchema = z.object({ challenge: z.string().max(100), proof: z.string().max(100) });
