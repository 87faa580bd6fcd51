// Who is let in, and to what: only this launch's token, this machine's page, and files of opened folders.
import { expect, test } from "./fixtures.ts";

test("without a token, or with a wrong one, nothing is shown", async ({ server, playwright }) => {
  const stranger = await playwright.request.newContext({ baseURL: server.origin });
  for (const path of ["/", "/?token=wrong", "/api/datasets.list", "/images/aaaaaaaa", "/assets/x.js"]) {
    const { status } = { status: (await stranger.get(path, { maxRedirects: 0 })).status() };
    expect([401, 403], path).toContain(status);
  }
  await stranger.dispose();
});

test("a foreign page can't use the token that this browser has", async ({ server, playwright }) => {
  const { origin, token } = server;
  const foreign = await playwright.request.newContext({
    baseURL: origin,
    extraHTTPHeaders: { authorization: `Bearer ${token}`, origin: "https://evil.example" },
  });
  expect((await foreign.get("/api/datasets.list")).status()).toBe(403);
  await foreign.dispose();
});

test("a name that leads here from elsewhere is refused", async ({ server, playwright }) => {
  const rebound = await playwright.request.newContext({
    baseURL: server.origin,
    extraHTTPHeaders: { authorization: `Bearer ${server.token}`, host: "evil.example" },
  });
  expect((await rebound.get("/api/datasets.list")).status()).toBe(403);
  await rebound.dispose();
});

test("malformed input is answered with a sentence and changes nothing", async ({ server, playwright }) => {
  const request = await playwright.request.newContext({
    baseURL: server.origin,
    extraHTTPHeaders: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
  });
  const runs = async () => (await (await request.post("/api/runs.list", { data: {} })).json()).result?.data?.total;
  const before = await runs();
  const bad: readonly (readonly [string, string])[] = [
    ["runs.start", "{}"],
    ["runs.start", '{"imageId":"../../etc/passwd","checkpointId":"x","config":{}}'],
    ["runs.start", "not json"],
    ["datasets.open", '{"path":7}'],
    ["exports.start", '{"runIds":[],"formats":["exe"]}'],
    ["no.such.procedure", "{}"],
  ];
  for (const [procedure, body] of bad) {
    const response = await request.post(`/api/${procedure}`, { data: Buffer.from(body) });
    expect(response.status(), `${procedure} ${body}`).toBeGreaterThanOrEqual(400);
    expect(response.status()).toBeLessThan(500);
    expect((await response.json()).error.message.length).toBeGreaterThan(10);
  }
  expect(await runs()).toBe(before);
  await request.dispose();
});

test("only pixels of opened folders are served", async ({ server, playwright }) => {
  const request = await playwright.request.newContext({
    baseURL: server.origin,
    extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
  });
  for (const path of [
    "/images/..%2f..%2fetc%2fpasswd",
    "/images/zzzzzzzzzzzz",
    "/assets/..%2f..%2fpackage.json",
    "/../package.json",
  ]) {
    expect((await request.get(path)).status(), path).toBeGreaterThanOrEqual(400);
  }
  await request.dispose();
});

test("the page may load only what comes with it", async ({ server, playwright }) => {
  const request = await playwright.request.newContext({ baseURL: server.origin });
  const response = await request.get(server.url);
  const policy = response.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe-eval");
  expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
  expect(response.headers()["x-content-type-options"]).toBe("nosniff");
  await request.dispose();
});
