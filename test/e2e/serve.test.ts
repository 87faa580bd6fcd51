// `acclimate serve` as a process: the whole way from the first start to exported files, and what goes wrong on it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readZipDirectory } from "../../src-main/engine/checkpoints/zip/read-zip.ts";
import type { Dataset } from "../../src-shared/contract/workbench/datasets.ts";
import { exportRequestSchema } from "../../src-shared/contract/workbench/exports.ts";
import { routes } from "../../src-shared/contract/workbench/routes.ts";
import { type Run, type RunSummary, runConfigFormSchema } from "../../src-shared/contract/workbench/runs.ts";
import { ended, runCli, startCli } from "../helpers/run-cli.ts";
import { type WorkbenchClient, workbenchClient } from "../helpers/workbench-client.ts";
import { startWorkbench, type WorkbenchServer } from "../helpers/workbench-server.ts";

let folder: string;
let server: WorkbenchServer;
let client: WorkbenchClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-serve-"));
  server = await startWorkbench({ workspace: join(folder, "workspace") });
  client = workbenchClient(server);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks until the answer is there: what is opened at the first start takes a moment. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function sample(): Promise<Dataset> {
  return eventually(async () => {
    const [dataset] = await client.api.datasets.list.query();
    return dataset?.listing.status === "complete" ? dataset : undefined;
  });
}

async function startRun(changes: object = {}): Promise<RunSummary> {
  const { id: datasetId } = await sample();
  const checkpoint = await eventually(async () => (await client.api.checkpoints.list.query())[0]);
  const { items } = await client.api.datasets.images.query({ datasetId, filter: { tags: ["night"] } });
  const [image] = items;
  if (image === undefined) throw new Error("the sample has no night");
  const config = runConfigFormSchema.parse({ numEpochs: 2, scales: [0.5], ...changes });
  return client.api.runs.start.mutate({ imageId: image.id, checkpointId: checkpoint.id, config });
}

function finished(id: Run["id"]): Promise<Run> {
  return eventually(async () => {
    const run = await client.api.runs.get.query({ id });
    return ["queued", "running"].includes(run.status) ? undefined : run;
  });
}

describe("the first start", () => {
  test("has the sample's images and checkpoint, so that one click adapts an image", async () => {
    expect(await sample()).toMatchObject({ isSample: true, imageCount: 16, labelledCount: 16 });
    const [checkpoint] = await client.api.checkpoints.list.query();
    expect(checkpoint).toMatchObject({ isSample: true, numClasses: 19, problem: null });
  });

  test("says what the program is and what it holds", async () => {
    const info = await client.api.system.info.query();
    expect(info).toMatchObject({ workspacePath: server.workspace, notices: [] });
    const memory = await client.api.system.memory.query();
    expect(memory.serverBytes).toBeGreaterThan(0);
    expect(memory.diskFreeBytes).toBeGreaterThan(0);
  });
});

describe("a run, watched and exported", () => {
  let run: Run;
  test("tells every iteration in order, and its end once", async () => {
    const events = client.eventsUntil((event) => event.type === "runChanged" && event.run.status === "finished", 0);
    const { id } = await startRun();
    const told = await events;
    const ids = told.map((one) => one.id);
    expect(ids).toEqual(ids.map((_, i) => (ids[0] ?? 0) + i));
    const kept = told.flatMap(({ event }) => (event.type === "iterationKept" ? [event.kept.iteration] : []));
    expect(kept).toEqual([0, 1, 2]);
    run = await finished(id);
    expect(run).toMatchObject({ status: "finished", losses: [expect.any(Number), expect.any(Number)] });
  });

  test("its planes are exact bytes, compressed on the way", async () => {
    const { width, height } = run.size ?? { width: 0, height: 0 };
    const response = await client.get(routes.plane(run.id, 2, "labels"));
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect((await response.bytes()).length).toBe(width * height);
    expect((await client.get(routes.plane(run.id, 9, "labels"))).status).toBe(404);
  });

  test("everything that can be exported of it comes in one archive", async () => {
    const formats = ["trainIds", "color", "csv", "report", "probabilities", "weights", "onnx"] as const;
    const request = exportRequestSchema.parse({ runIds: [run.id], formats, folder: null });
    expect((await client.api.exports.plan.query(request)).problems).toEqual([]);
    const { id } = await client.api.exports.start.mutate(request);
    const end = await eventually(async () => {
      const state = await client.api.exports.get.query({ id });
      return state.status === "running" ? undefined : state;
    });
    expect(end).toMatchObject({ status: "finished", error: null });
    expect(end.files).toHaveLength(formats.length);
    const archive = Buffer.from(await (await client.get(routes.exportFile(id))).arrayBuffer());
    const names = [...readZipDirectory("export.zip", archive).keys()];
    expect(names).toEqual(end.files.map(({ name }) => name));
    const [first = ""] = names;
    const picture = await client.get(routes.exportFile(id, first));
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect((await client.get(routes.exportFile(id, "../../workspace.db"))).status).toBe(404);
  });

  test("the command line gives the same labels from its copied command", async () => {
    const command = await client.api.runs.command.query({ id: run.id });
    const out = join(folder, "again");
    const args = shellWords(command).slice(1);
    expect((await runCli([...args, "--output", out], folder)).code).toBe(0);
    const exported = exportRequestSchema.parse({
      runIds: [run.id],
      formats: ["trainIds"],
      folder: join(folder, "out"),
    });
    const { id } = await client.api.exports.start.mutate(exported);
    const state = await eventually(async () => {
      const now = await client.api.exports.get.query({ id });
      return now.status === "running" ? undefined : now;
    });
    const [file] = state.files;
    const own = readFileSync(join(folder, "out", file?.name ?? ""));
    const name =
      run.image.key
        .split("/")
        .at(-1)
        ?.replace(/\.png$/, "") ?? "";
    expect(own.equals(readFileSync(join(out, `${name}_trainIds.png`)))).toBe(true);
  });
});

/** Undoes the quoting of a copied command. */
function shellWords(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

describe("strangers", () => {
  test.skipIf(process.platform === "win32")("may not read the file that holds the address and its key", () => {
    expect(statSync(join(server.workspace, "workspace.lock")).mode & 0o077).toBe(0);
  });

  test("without the key, or with a wrong one, get nothing", async () => {
    expect((await fetch(`${server.origin}/api/datasets.list`)).status).toBe(401);
    const wrong = { authorization: "Bearer wrong" };
    expect((await fetch(`${server.origin}/api/datasets.list`, { headers: wrong })).status).toBe(403);
    expect((await fetch(`${server.origin}/?token=wrong`)).status).toBe(403);
  });

  test("a page of another origin and a name that is not this machine are refused", async () => {
    expect((await client.get("/api/datasets.list", { origin: "http://example.org" })).status).toBe(403);
    const headers = { host: "example.org", authorization: `Bearer ${server.token}` };
    const status = await new Promise((resolve) => {
      httpRequest(`${server.origin}/`, { headers }, (response) => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBe(403);
  });
});

describe("what goes wrong at a start", () => {
  test("a second one on the same workspace names the address of the first", async () => {
    const { code, stderr } = await runCli(["serve", "--no-open", "--workspace", server.workspace], folder);
    expect(code).not.toBe(0);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(server.origin);
  });

  test("a port in use is named, with what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const args = ["serve", "--no-open", "--workspace", join(folder, "second"), "--port", String(port)];
    const { code, stderr } = await runCli(args, folder);
    other.close();
    expect([code, stderr]).toEqual([
      2,
      `acclimate: Port ${port} is in use by another program; choose another with --port, or leave it out to take any free one.\n`,
    ]);
  });

  test.each([
    [["--port", "70000"], "--port: a port is at most 65535, not 70000."],
    [["--host", "0.0.0.0"], "Allowed choices are 127.0.0.1, localhost, ::1"],
    [["--workspace", "/dev/null/below"], "/dev/null/below"],
    [["--workspace", "/proc/acclimate"], "/proc/acclimate"],
  ])("%j is refused in one sentence", async (args, sentence) => {
    const { code, stderr } = await runCli(["serve", "--no-open", ...args], folder);
    expect(code).not.toBe(0);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });
});

describe("the end", () => {
  test("in the middle of a run: all processes end, the run is interrupted, what it had finished is kept", async () => {
    const run = await startRun({ numEpochs: 500 });
    await client.eventsUntil(
      (event) => event.type === "iterationKept" && event.runId === run.id && event.kept.iteration === 2,
      0,
    );
    const gone = ended(server.process);
    server.process.kill("SIGTERM");
    expect((await gone).code).toBe(0);
    expect(await enginesOf(server.process.pid)).toEqual([]);
    server = await startWorkbench({ workspace: server.workspace });
    client = workbenchClient(server);
    const after = await client.api.runs.get.query({ id: run.id });
    expect(after).toMatchObject({
      status: "interrupted",
      error: { message: "Acclimate ended in the middle of this run." },
    });
    expect(after.kept.length).toBeGreaterThanOrEqual(3);
    const plane = await client.get(routes.plane(run.id, 2, "labels"), { "accept-encoding": "identity" });
    expect(plane.status).toBe(200);
  });

  test("two presses of Ctrl-C at the same moment are one", async () => {
    const child = startCli(["serve", "--no-open", "--workspace", join(folder, "third")], folder);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    const gone = ended(child);
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { code, stderr } = await gone;
    expect([code, stderr]).toEqual([0, "Closing; unfinished runs are kept as interrupted.\n"]);
  });
});

/** Child processes of a process that has ended, by what their command lines say. */
async function enginesOf(pid: number | undefined): Promise<string[]> {
  const { stdout } = await ended(spawn("ps", ["-eo", "ppid,args"]));
  return stdout.split("\n").filter((line) => line.trim().startsWith(`${pid} `) && line.includes("engine"));
}
