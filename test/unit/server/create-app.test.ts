// The server's app: who is let in, what is refused and in which words, what is sent with which headers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../src-main/server/create-app.ts";
import type { Content, Services } from "../../../src-main/server/services.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { EvaluationId, ExportId, ImageId, RunId, TrainingId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { settingsSchema } from "../../../src-shared/contract/workbench/system.ts";
import { fakeServices } from "../../helpers/fake-services.ts";

const TOKEN = "the-key-of-this-test";
const HOST = "127.0.0.1:4000";
const IMAGE = "imageimage" as ImageId;
const RUN = "runrunrunrun" as RunId;
const EXPORT = "exportexport" as ExportId;
const EVALUATION = "evaluation" as EvaluationId;
const TRAINING = "trainingtraining" as TrainingId;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-app-"));
  mkdirSync(join(folder, "page", "assets"), { recursive: true });
  writeFileSync(join(folder, "page", "index.html"), "<!doctype html><html><head></head><body>Acclimate</body></html>");
  writeFileSync(join(folder, "page", "assets", "index-abc123.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
});
afterAll(() => rmSync(folder, { recursive: true }));

const failures: unknown[] = [];

function appOf(fakes: Parameters<typeof fakeServices>[0] = {}) {
  failures.length = 0;
  const services: Services = fakeServices(fakes);
  return createApp({
    services,
    token: TOKEN,
    pageFolder: join(folder, "page"),
    logFailure: (error) => failures.push(error),
  });
}

/** A request with the key, unless the headers say otherwise. */
function ask(path: string, init: RequestInit = {}, app = appOf()): Promise<Response> {
  const headers = { host: HOST, authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string>) };
  return Promise.resolve(app.request(path, { ...init, headers }));
}

function call(procedure: string, input: unknown, app = appOf()): Promise<Response> {
  const body = typeof input === "string" ? input : JSON.stringify(input);
  return ask(`/api/${procedure}`, { method: "POST", body, headers: { "content-type": "application/json" } }, app);
}

async function messageOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { message: string } };
  return error.message;
}

describe("the key", () => {
  test("is exchanged for a cookie that scripts cannot read, and leaves the address", async () => {
    const response = await appOf().request(`/?token=${TOKEN}`, { headers: { host: HOST } });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    expect(response.headers.get("set-cookie")).toBe(`acclimate-4000=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`);
  });

  test("opens the page as a cookie of this port", async () => {
    const headers = { host: HOST, cookie: `acclimate-4000=${TOKEN}` };
    const response = await appOf().request("/", { headers });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Acclimate");
  });

  test("is not taken from a cookie of another port", async () => {
    const headers = { host: HOST, cookie: `acclimate-5000=${TOKEN}` };
    expect((await appOf().request("/", { headers })).status).toBe(401);
  });

  test("missing: a page in plain words says where it is", async () => {
    const response = await appOf().request("/", { headers: { host: HOST, accept: "text/html" } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain("<p>The key is missing: open the address that Acclimate printed");
  });

  test.each(["wrong", "", `${TOKEN}x`, TOKEN.slice(1)])("wrong in the address: %j", async (wrong) => {
    const response = await appOf().request(`/?token=${wrong}`, { headers: { host: HOST } });
    expect(response.status).toBe(403);
    expect(response.headers.has("set-cookie")).toBe(false);
    expect(await response.text()).toContain("The key is wrong");
  });

  test("wrong in a header: the typed interface answers with its own kind of error", async () => {
    const response = await ask("/api/system.info", { headers: { authorization: "Bearer wrong" } });
    expect(response.status).toBe(403);
    expect(await messageOf(response)).toContain("The key is wrong");
  });

  test.each([
    routes.image(IMAGE),
    routes.plane(RUN, 0, "labels"),
    routes.exportFile(EXPORT),
    "/assets/index-abc123.js",
    "/api/datasets.list",
  ])("is asked for everywhere: %s", async (path) => {
    expect((await appOf().request(path, { headers: { host: HOST } })).status).toBe(401);
  });

  test("is not needed to hear that the server is there", async () => {
    const response = await appOf().request("/health", { headers: { host: HOST } });
    expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
  });
});

describe("where a request comes from", () => {
  test.each(["127.0.0.1:4000", "localhost:9999", "LOCALHOST", "[::1]:4000"])(
    "host %s is this machine",
    async (host) => {
      expect((await ask("/", { headers: { host } })).status).toBe(200);
    },
  );

  test.each(["example.org", "127.0.0.1.example.org:4000", "127.0.0.2:4000", "", "localhost:4000@example.org"])(
    "host %j is refused, key or not",
    async (host) => {
      const response = await ask("/", { headers: { host } });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain("127.0.0.1 and localhost");
    },
  );

  test.each(["http://example.org", "null", "http://127.0.0.1:4001", "https://127.0.0.1:4000", "http://localhost:4000"])(
    "origin %s is refused",
    async (origin) => {
      expect((await ask("/api/system.info", { headers: { origin } })).status).toBe(403);
    },
  );

  test("origin of its own page is let in", async () => {
    expect((await ask("/", { headers: { origin: `http://${HOST}` } })).status).toBe(200);
  });

  test.each(["cross-site", "same-site"])("requests that the browser calls %s are refused", async (site) => {
    expect((await ask(routes.image(IMAGE), { headers: { "sec-fetch-site": site } })).status).toBe(403);
  });
});

describe("headers", () => {
  test("of the page: a strict policy, and the page is asked for each time", async () => {
    const { headers } = await ask("/");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("cache-control")).toBe("private, no-cache");
  });

  test.each(["/", "/health", "/nothing", "/api/nothing", routes.image(IMAGE)])(
    "of every answer, refusals too: %s",
    async (path) => {
      const { headers } = await ask(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-security-policy": expect.stringContaining("default-src 'none'"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
      });
      expect(headers.has("access-control-allow-origin")).toBe(false);
    },
  );
});

describe("files of the page", () => {
  test("hashed ones are kept for good", async () => {
    const response = await ask("/assets/index-abc123.js");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(response.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/assets/../index.html/../../secret.txt",
    "/assets",
    "/assets/",
    "/%00",
    "/%ff",
  ])("nothing else is served: %s", async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("secret\n");
  });

  test.each(["PUT", "DELETE", "PATCH", "POST"])("%s is refused", async (method) => {
    const response = await ask("/", { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("the typed interface", () => {
  test("takes queries and changes by POST, and queries by GET", async () => {
    const settings = settingsSchema.parse({});
    const app = appOf({ system: { settings: async () => settings, setSettings: async (changed) => changed } });
    expect(await (await call("system.settings", undefined, app)).json()).toEqual({ result: { data: settings } });
    expect((await ask("/api/system.settings", {}, app)).status).toBe(200);
    expect((await call("system.setSettings", settings, app)).status).toBe(200);
    expect((await ask("/api/system.setSettings", {}, app)).status).toBe(405);
  });

  test.each([
    ["datasets.open", "{", "The request is not JSON."],
    ["datasets.open", {}, "path: Invalid input: expected string, received undefined"],
    ["datasets.open", { path: "" }, "path: give a path"],
    ["datasets.image", { id: "../../etc/passwd" }, "id: an id is 8 to 40 small letters and digits"],
    ["datasets.images", { datasetId: "datasetdataset", limit: 1e9 }, "limit: Too big: expected number to be <=500"],
    ["system.setSettings", { overlayOpacity: 7 }, "overlayOpacity: Too big: expected number to be <=1"],
    ["runs.start", [], "input: Invalid input: expected object, received array"],
  ])("%s with %j is one sentence, and no service hears of it", async (procedure, input, sentence) => {
    const response = await call(procedure, input);
    expect(response.status).toBe(400);
    expect(await messageOf(response)).toBe(sentence);
    expect(failures).toEqual([]);
  });

  test("another kind of body, another method and an unknown procedure are refused", async () => {
    const form = { method: "POST", body: "path=/", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect((await ask("/api/datasets.open", form)).status).toBe(415);
    expect((await ask("/api/datasets.open", { method: "PUT", body: "{}" })).status).toBe(405);
    expect((await call("datasets.destroy", {})).status).toBe(404);
  });

  test("an oversize request is refused before it is read", async () => {
    const response = await call("datasets.open", { path: "x".repeat(5 * 2 ** 20) });
    expect(response.status).toBe(413);
    expect(await messageOf(response)).toContain("at most 4194304 bytes");
  });

  test("so is a batch of very many calls", async () => {
    const names = Array.from({ length: 51 }, () => "system.info").join(",");
    expect((await call(`${names}?batch=1`, {})).status).toBe(400);
  });

  test("an expected failure is told with its code, a bug is logged", async () => {
    const app = appOf({
      datasets: {
        open: () => Promise.reject(new AppError("input.missing", '"/nowhere" is not there; check the path.')),
      },
    });
    const expected = await call("datasets.open", { path: "/nowhere" }, app);
    expect(expected.status).toBe(400);
    expect(await expected.json()).toMatchObject({
      error: { message: '"/nowhere" is not there; check the path.', data: { appCode: "input.missing" } },
    });
    expect(failures).toEqual([]);
    expect((await call("datasets.list", undefined, app)).status).toBe(500);
    expect(failures).toEqual([new Error("services.datasets.list was not expected to be called")]);
  });
});

describe("pixels and files", () => {
  const bytes = new TextEncoder().encode("pixels");

  test("an image is asked for again each time, and sent only when it has changed", async () => {
    const app = appOf({ datasets: { pixels: async () => ({ kind: "bytes", bytes, type: "image/png" }) } });
    const first = await ask(routes.image(IMAGE), {}, app);
    expect([await first.text(), first.headers.get("content-type")]).toEqual(["pixels", "image/png"]);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const again = { headers: { "if-none-match": first.headers.get("etag") ?? "" } };
    const second = await ask(routes.image(IMAGE), again, app);
    expect([second.status, await second.text()]).toEqual([304, ""]);
    const other = appOf({
      datasets: { pixels: async () => ({ kind: "bytes", bytes: bytes.slice(1), type: "image/png" }) },
    });
    expect((await ask(routes.image(IMAGE), again, other)).status).toBe(200);
  });

  test("a plane goes as it is kept, gzip included, and never needs to be asked for again", async () => {
    const path = join(folder, "labels.gz");
    writeFileSync(path, gzipSync(bytes));
    const app = appOf({
      runs: { plane: async () => ({ kind: "file", path, type: "application/octet-stream", encoding: "gzip" }) },
    });
    const zipped = await ask(routes.plane(RUN, 3, "labels"), { headers: { "accept-encoding": "gzip, br" } }, app);
    expect(Object.fromEntries(zipped.headers)).toMatchObject({
      "content-encoding": "gzip",
      "cache-control": "private, max-age=31536000, immutable",
      "content-length": String(gzipSync(bytes).length),
    });
    const plain = await ask(routes.plane(RUN, 3, "labels"), {}, app);
    expect([await plain.text(), plain.headers.has("content-encoding")]).toEqual(["pixels", false]);
    const again = { headers: { "if-none-match": zipped.headers.get("etag") ?? "" } };
    expect((await ask(routes.plane(RUN, 3, "labels"), again, app)).status).toBe(304);
  });

  test("views are asked for with their parameters", async () => {
    const asked: unknown[] = [];
    const app = appOf({
      datasets: {
        view: async (...args) => {
          asked.push(args);
          return { kind: "bytes", bytes, type: "image/webp" };
        },
      },
    });
    const views = { scales: [0.25, 1], flips: true, grayscale: false };
    expect((await ask(routes.view(IMAGE, 2, views), {}, app)).status).toBe(200);
    expect(asked).toEqual([[IMAGE, 2, views]]);
  });

  test("labels and report of an evaluation, previews of a training", async () => {
    const asked: unknown[] = [];
    const answer = async (...args: unknown[]): Promise<Content> => {
      asked.push(args);
      return { kind: "bytes", bytes, type: "text/html; charset=utf-8" };
    };
    const app = appOf({
      evaluations: { labels: answer, report: answer },
      trainings: { preview: answer, previewPicture: answer, previewImage: answer },
    });
    const report = await ask(routes.evaluationReport(EVALUATION), {}, app);
    expect(report.headers.get("content-disposition")).toContain("acclimate-evaluation.html");
    expect((await ask(routes.evaluatedLabels(EVALUATION, IMAGE), {}, app)).status).toBe(200);
    expect((await ask(routes.trainingPreview(TRAINING, 40, "pseudo-label"), {}, app)).status).toBe(200);
    expect((await ask(routes.trainingPreviewPicture(TRAINING, 40, "pseudo-label"), {}, app)).status).toBe(200);
    expect((await ask(routes.trainingPreviewImage(TRAINING), {}, app)).status).toBe(200);
    const preview = [TRAINING, 40, "pseudo-label"];
    expect(asked).toEqual([[EVALUATION], [EVALUATION, IMAGE], preview, preview, [TRAINING]]);
    expect((await ask(`/trainings/${TRAINING}/previews/last/prediction`, {}, app)).status).toBe(400);
    expect((await ask(`/trainings/${TRAINING}/previews/1/..%2Fstate`, {}, app)).status).toBe(400);
  });

  test("a style is asked for with what it needs, and no more", async () => {
    const asked: unknown[] = [];
    const app = appOf({
      datasets: {
        stylized: async (...given) => {
          asked.push(given);
          return { kind: "bytes", bytes, type: "image/webp" };
        },
      },
    });
    const styles = [{ style: "fourier", beta: 0.05 }, { style: "reinhard" }] as const;
    for (const style of styles) expect((await ask(routes.stylized(IMAGE, IMAGE, style), {}, app)).status).toBe(200);
    expect(asked).toEqual(styles.map((style) => [IMAGE, IMAGE, style]));
  });

  test("an export is saved under its own name, in a folder or not", async () => {
    const asked: unknown[] = [];
    const app = appOf({
      exports: {
        file: async (_, name) => {
          asked.push(name);
          return { kind: "bytes", bytes, type: "image/png" };
        },
      },
    });
    const named = await ask(routes.exportFile(EXPORT, "night/000 über.png"), {}, app);
    expect(named.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''000%20%C3%BCber.png");
    const all = await ask(routes.exportFile(EXPORT), {}, app);
    expect(all.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''acclimate-export.zip");
    expect(asked).toEqual(["night/000 über.png", null]);
  });

  test.each([
    [`/images/${IMAGE}/labels?classes=many`, "classes"],
    [`/images/${IMAGE}/labels`, "classes"],
    [`/images/..%2f..%2fetc%2fpasswd`, "id"],
    [`/images/${IMAGE}/views/0?scales=9&flips=true&grayscale=true`, "scales"],
    [`/images/${IMAGE}/views/0?scales=0.5&flips=1&grayscale=true`, "flips"],
    [`/images/${IMAGE}/stylized/${IMAGE}?style=fourier&beta=0.5`, "beta"],
    [`/images/${IMAGE}/stylized/${IMAGE}?style=fourier`, "beta"],
    [`/images/${IMAGE}/stylized/${IMAGE}?style=wavelet`, "style"],
    [`/runs/${RUN}/iterations/-1/labels`, "iteration"],
    [`/runs/${RUN}/iterations/0/logits`, "plane"],
  ])("an address that makes no sense names what: %s", async (path, part) => {
    const response = await ask(path);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`The address makes no sense: ${part}`);
  });

  test("what is not there, or not any more, is a 404 with a sentence; what cannot be read a 422", async () => {
    const gone = join(folder, "gone.png");
    const app = appOf({
      datasets: {
        pixels: async () => ({ kind: "file", path: gone, type: "image/png" }),
        thumbnail: () => Promise.reject(new AppError("image.damaged", '"a.png" breaks off.')),
      },
    });
    const missing = await ask(routes.image(IMAGE), {}, app);
    expect([missing.status, await missing.text()]).toEqual([
      404,
      `"${gone}" is not there any more, or may not be read.\n`,
    ]);
    const damaged = await ask(routes.thumbnail(IMAGE), {}, app);
    expect([damaged.status, await damaged.text()]).toEqual([422, '"a.png" breaks off.\n']);
  });
});
