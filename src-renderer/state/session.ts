// What a page does when its server is away: waits, proves to a new start of it that it was let in by the one before, or
// says how to get in.
import { SESSION_PATH, sessionStateSchema } from "../../src-shared/contract/workbench/session.ts";
import { api } from "./api.ts";

/** "away": nobody answers. "open": our key is good. "anew": let in by a server that has started anew. */
export type SessionAnswer = "away" | "open" | "anew" | "refused";

/** Of this page alone: neither stored nor sent anywhere. */
let proofKey: string | null = null;
let launch: string | null = null;

/** Once the server is there: for when it is not any more. */
export async function rememberSession(): Promise<void> {
  const key = await api.system.proofKey.query();
  const state = await askState();
  proofKey = key;
  launch = state?.launch ?? null;
}

/** Asks whoever listens at our address now, and gets the key of a server that started anew if it lets us. */
export async function renewSession(): Promise<SessionAnswer> {
  const state = await askState();
  if (state === null) return "away";
  if (state.isOpen) return launch !== null && state.launch !== launch ? "anew" : "open";
  // In an insecure context there is nothing to sign with; the addresses that the server prints are secure.
  if (state.challenge === null || proofKey === null || globalThis.crypto.subtle === undefined) return "refused";
  const proof = await signature(state.challenge, proofKey);
  const answer = await fetch(SESSION_PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ challenge: state.challenge, proof }),
  }).catch(() => null);
  if (answer === null) return "away";
  return answer.ok ? "anew" : "refused";
}

async function askState() {
  try {
    return sessionStateSchema.parse(await (await fetch(SESSION_PATH, { cache: "no-store" })).json());
  } catch {
    return null;
  }
}

/** HMAC with SHA-256, in hexadecimal digits. */
export async function signature(challenge: string, key: string): Promise<string> {
  const encoder = new TextEncoder();
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(challenge)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
