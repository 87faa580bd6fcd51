// Pixels and files by plain GET: image, thumbnail, labels, views, planes, exports.
import { type Context, Hono } from "hono";
import { z } from "zod";
import { viewsConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { betaSchema } from "../../src-shared/contract/style.ts";
import { benchmarkIdSchema, weightsFormSchema } from "../../src-shared/contract/workbench/evaluations.ts";
import {
  evaluationIdSchema,
  exportIdSchema,
  imageIdSchema,
  runIdSchema,
  trainingIdSchema,
} from "../../src-shared/contract/workbench/ids.ts";
import { PLANES } from "../../src-shared/contract/workbench/runs.ts";
import { trainingPreviewSchema } from "../../src-shared/contract/workbench/trainings.ts";
import { CACHE, sendContent } from "./send-content.ts";
import type { Services } from "./services.ts";

const wholeNumber = z.coerce.number().pipe(z.int().nonnegative());
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const imageParams = z.object({ id: imageIdSchema });
const tileParams = imageParams.extend({ level: wholeNumber, column: wholeNumber, row: wholeNumber });
const groundTruthParams = imageParams.extend({ classes: z.string().regex(/^(\d{1,3}|set-[0-9a-f]{16})$/) });
const viewParams = imageParams.extend({
  index: wholeNumber,
  scales: z
    .string()
    .transform((text) => text.split(",").map(Number))
    .pipe(viewsConfigSchema.shape.scales.unwrap()),
  flips: flag,
  grayscale: flag,
});
const stylizedParams = imageParams.extend({ styleId: imageIdSchema });
const styleParams = z.discriminatedUnion("style", [
  z.object({ style: z.literal("fourier"), beta: z.coerce.number().pipe(betaSchema) }),
  z.object({ style: z.literal("reinhard") }),
]);
const runParams = z.object({ id: runIdSchema });
const planeParams = runParams.extend({ iteration: z.union([z.literal("stored"), wholeNumber]), plane: z.enum(PLANES) });
const evaluationParams = z.object({ id: evaluationIdSchema });
const evaluatedParams = evaluationParams.extend({ imageId: imageIdSchema });
const submissionParams = evaluationParams.extend({ benchmark: benchmarkIdSchema });
const weightsParams = evaluationParams.extend({ form: weightsFormSchema });
const trainingParams = z.object({ id: trainingIdSchema });
const previewParams = trainingParams.extend({ step: wholeNumber, name: trainingPreviewSchema.shape.name });
const exportParams = z.object({ id: exportIdSchema, name: z.string().max(1000).optional() });

/** The routes of contract/workbench/routes.ts. @throws ZodError, AppError */
export function contentRoutes({ datasets, runs, evaluations, trainings, exports }: Services): Hono {
  const app = new Hono();
  app.get("/images/:id", async (c) => {
    const { id } = paramsOf(c, imageParams);
    return sendContent(c, await datasets.pixels(id), CACHE.revalidated);
  });
  app.get("/images/:id/photo", async (c) => {
    const { id } = paramsOf(c, imageParams);
    return sendContent(c, await datasets.photo(id), CACHE.revalidated);
  });
  app.get("/images/:id/tiles", async (c) => {
    const { id } = paramsOf(c, imageParams);
    await datasets.photoReady(id);
    return c.body(null, 204);
  });
  app.get("/images/:id/tiles/:level/:column/:row", async (c) => {
    const { id, level, column, row } = paramsOf(c, tileParams);
    return sendContent(c, await datasets.photoTile(id, level, column, row), CACHE.revalidated);
  });
  app.get("/images/:id/thumbnail", async (c) => {
    const { id } = paramsOf(c, imageParams);
    return sendContent(c, await datasets.thumbnail(id), CACHE.aWhile);
  });
  app.get("/images/:id/labels", async (c) => {
    const { id, classes } = paramsOf(c, groundTruthParams);
    return sendContent(c, await datasets.groundTruth(id, classes), CACHE.revalidated);
  });
  app.get("/images/:id/views/:index", async (c) => {
    const { id, index, ...views } = paramsOf(c, viewParams);
    return sendContent(c, await datasets.view(id, index, views), CACHE.revalidated);
  });
  app.get("/images/:id/stylized/:styleId", async (c) => {
    const { id, styleId } = paramsOf(c, stylizedParams);
    return sendContent(c, await datasets.stylized(id, styleId, paramsOf(c, styleParams)), CACHE.revalidated);
  });
  app.get("/runs/:id/iterations/:iteration/:plane", async (c) => {
    const { id, iteration, plane } = paramsOf(c, planeParams);
    return sendContent(c, await runs.plane(id, iteration, plane), CACHE.immutable);
  });
  app.get("/runs/:id/pseudo-label", async (c) => {
    const { id } = paramsOf(c, runParams);
    return sendContent(c, await runs.pseudoLabel(id), CACHE.immutable);
  });
  app.get("/evaluations/:id/images/:imageId", async (c) => {
    const { id, imageId } = paramsOf(c, evaluatedParams);
    // Asked for again each time: an evaluation that goes on may predict an image anew.
    return sendContent(c, await evaluations.labels(id, imageId), CACHE.revalidated);
  });
  app.get("/evaluations/:id/report", async (c) => {
    const { id } = paramsOf(c, evaluationParams);
    c.header("Content-Disposition", attachment("acclimate-evaluation.html"));
    return sendContent(c, await evaluations.report(id), CACHE.revalidated);
  });
  app.get("/evaluations/:id/submissions/:benchmark", async (c) => {
    const { id, benchmark } = paramsOf(c, submissionParams);
    c.header("Content-Disposition", attachment(`submission-${benchmark}.zip`));
    return sendContent(c, await evaluations.submission(id, benchmark), CACHE.revalidated);
  });
  app.get("/evaluations/:id/importance-weights/:form", async (c) => {
    const { id, form } = paramsOf(c, weightsParams);
    c.header("Content-Disposition", attachment(`importance-weights.${form}`));
    return sendContent(c, await evaluations.weights(id, form), CACHE.revalidated);
  });
  app.get("/trainings/:id/previews/image", async (c) => {
    const { id } = paramsOf(c, trainingParams);
    return sendContent(c, await trainings.previewImage(id), CACHE.revalidated);
  });
  app.get("/trainings/:id/previews/:step/:name", async (c) => {
    const { id, step, name } = paramsOf(c, previewParams);
    return sendContent(c, await trainings.preview(id, step, name), CACHE.immutable);
  });
  app.get("/trainings/:id/previews/:step/:name/picture", async (c) => {
    const { id, step, name } = paramsOf(c, previewParams);
    return sendContent(c, await trainings.previewPicture(id, step, name), CACHE.immutable);
  });
  app.on("GET", ["/exports/:id", "/exports/:id/:name"], async (c) => {
    const { id, name = null } = paramsOf(c, exportParams);
    c.header("Content-Disposition", attachment(name ?? "acclimate-export.zip"));
    return sendContent(c, await exports.file(id, name), CACHE.revalidated);
  });
  return app;
}

function paramsOf<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  return schema.parse({ ...c.req.query(), ...c.req.param() });
}

/** Saved under its own name; what is not plain ASCII goes the way RFC 5987 says. */
function attachment(name: string): string {
  const last = name.split("/").at(-1) ?? name;
  const encoded = encodeURIComponent(last).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}
