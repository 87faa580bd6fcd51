// A page that outlived its server: let in by the next one on the same workspace and port, and nobody else.
import { describe, expect, it } from "vitest";
import { createApp } from "../../../src-main/server/create-app.ts";
import { signature } from "../../../src-renderer/state/session.ts";
import { SESSION_PATH, type SessionState, sessionStateSchema } from "../../../src-shared/contract/workbench/session.ts";
import { fakeServices } from "../../helpers/fake-services.ts";

const TOKEN = "the-key-of-this-launch";
const PROOF_KEY = "the-proof-key-of-the-launch-before";
const HOST = "127.0.0.1:4000";

function appAfter(lastProofKey: string | null) {
  const app = createApp({
    services: fakeServices(),
    token: TOKEN,
    lastProofKey,
    pageFolder: "/nowhere",
    logFailure: () => undefined,
  });
  const ask = (init: RequestInit & { headers?: Record<string, string> } = {}) =>
    Promise.resolve(app.request(SESSION_PATH, { ...init, headers: { host: HOST, ...init.headers } }));
  return {
    ask,
    state: async (headers: Record<string, string> = {}): Promise<SessionState> =>
      sessionStateSchema.parse(await (await ask({ headers })).json()),
    prove: (challenge: string, proof: string, headers: Record<string, string> = {}) =>
      ask({ method: "POST", body: JSON.stringify({ challenge, proof }), headers }),
  };
}

describe("a page of the launch before", () => {
  it("that signs the challenge gets the key as a cookie that scripts can't read", async () => {
    const { state, prove } = appAfter(PROOF_KEY);
    const { isOpen, challenge } = await state();
    expect(isOpen).toBe(false);
    const answer = await prove(challenge ?? "", await signature(challenge ?? "", PROOF_KEY));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toBe(`acclimate-4000=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`);
    expect(await state({ cookie: `acclimate-4000=${TOKEN}` })).toMatchObject({ isOpen: true, challenge: null });
  });

  it("can't use a challenge twice, so that nobody who listened can", async () => {
    const { state, prove } = appAfter(PROOF_KEY);
    const challenge = (await state()).challenge ?? "";
    const proof = await signature(challenge, PROOF_KEY);
    expect((await prove(challenge, proof)).status).toBe(204);
    expect((await prove(challenge, proof)).status).toBe(403);
  });

  it("is refused with another key, with a challenge of its own making, and with nonsense", async () => {
    const { ask, state, prove } = appAfter(PROOF_KEY);
    const challenge = (await state()).challenge ?? "";
    expect((await prove(challenge, await signature(challenge, TOKEN))).status).toBe(403);
    // A wrong proof uses the challenge up.
    expect((await prove(challenge, await signature(challenge, PROOF_KEY))).status).toBe(403);
    expect((await prove("own", await signature("own", PROOF_KEY))).status).toBe(403);
    expect((await ask({ method: "POST", body: "not json" })).status).toBe(400);
    const refused = await prove("own", "");
    expect(refused.headers.get("set-cookie")).toBeNull();
    expect(await refused.text()).toContain("open the address that it printed");
  });

  it("is not asked where the launch before was elsewhere, or there was none", async () => {
    const { state, prove } = appAfter(null);
    expect((await state()).challenge).toBeNull();
    expect((await prove("", await signature("", "x"))).status).toBe(403);
  });

  it("is alone: pages of other origins are not answered at all", async () => {
    const { ask } = appAfter(PROOF_KEY);
    expect((await ask({ headers: { origin: "http://127.0.0.1:5000" } })).status).toBe(403);
    expect((await ask({ headers: { "sec-fetch-site": "same-site" } })).status).toBe(403);
    expect((await ask({ headers: { host: "evil.example" } })).status).toBe(403);
  });
});
