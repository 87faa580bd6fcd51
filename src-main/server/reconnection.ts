// Lets pages of the launch before in again, after a restart on the same workspace and port. A page proves that it was let
// in: it signs a challenge with a key that it got over the open connection and keeps in its memory alone. The key itself
// is never sent, so that a foreign program that takes the port in between learns nothing that it could use.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Hono } from "hono";
import { Hono as Router } from "hono";
import { z } from "zod";
import { proofSchema, SESSION_PATH, type SessionState } from "../../src-shared/contract/workbench/session.ts";
import { carriesToken, grant } from "./access.ts";
import { refuse } from "./refusal.ts";

export interface ReconnectionOptions {
  readonly token: string;
  /** Of the launch before, on this workspace and port; null: there was none. */
  readonly lastProofKey: string | null;
}

const CHALLENGE_BYTES = 32;
/** Of all windows that ask at once; an older one is asked for again. */
const MAX_CHALLENGES = 64;

const REFUSED = "This page is of another start of Acclimate; open the address that it printed when it started last.";

export function reconnection({ token, lastProofKey }: ReconnectionOptions): Hono {
  const launch = randomBytes(8).toString("hex");
  const challenges = new Set<string>();
  const newChallenge = (): string => {
    const [oldest] = challenges;
    if (challenges.size >= MAX_CHALLENGES && oldest !== undefined) challenges.delete(oldest);
    const challenge = randomBytes(CHALLENGE_BYTES).toString("base64url");
    challenges.add(challenge);
    return challenge;
  };
  const routes = new Router();
  routes.get(SESSION_PATH, (c) => {
    const isOpen = carriesToken(c, token);
    const challenge = isOpen || lastProofKey === null ? null : newChallenge();
    c.header("Cache-Control", "no-store");
    return c.json({ launch, isOpen, challenge } satisfies SessionState);
  });
  routes.post(SESSION_PATH, async (c) => {
    const parsed = proofSchema.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return refuse(c, 400, `The proof makes no sense: ${z.prettifyError(parsed.error)}`);
    const { challenge, proof } = parsed.data;
    // Each counts once, right or wrong.
    const isOurs = challenges.delete(challenge);
    if (!isOurs || lastProofKey === null || !isProof(proof, challenge, lastProofKey)) return refuse(c, 403, REFUSED);
    grant(c, token);
    c.header("Cache-Control", "no-store");
    return c.body(null, 204);
  });
  return routes;
}

/** HMAC with SHA-256, in hexadecimal digits. */
function isProof(proof: string, challenge: string, proofKey: string): boolean {
  const expected = createHmac("sha256", proofKey).update(challenge).digest();
  const given = Buffer.from(proof, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
