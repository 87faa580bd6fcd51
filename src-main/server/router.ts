// The typed interface: every procedure checks its input against a schema and calls one service.
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { AppError, CancelledError } from "../../src-shared/contract/errors.ts";
import { networkSizeSchema } from "../../src-shared/contract/workbench/checkpoints.ts";
import { imageQuerySchema } from "../../src-shared/contract/workbench/datasets.ts";
import { embeddingKeySchema } from "../../src-shared/contract/workbench/embeddings.ts";
import {
  benchmarkIdSchema,
  confusionCellSchema,
  startEvaluationSchema,
  weightsFormSchema,
} from "../../src-shared/contract/workbench/evaluations.ts";
import { exportRequestSchema } from "../../src-shared/contract/workbench/exports.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  evaluationIdSchema,
  exportIdSchema,
  groupIdSchema,
  imageIdSchema,
  runIdSchema,
  trainingIdSchema,
  tuningIdSchema,
} from "../../src-shared/contract/workbench/ids.ts";
import { moveInQueueSchema, queueItemIdSchema } from "../../src-shared/contract/workbench/queue.ts";
import {
  runPointsQuerySchema,
  runQuerySchema,
  runSectionQuerySchema,
} from "../../src-shared/contract/workbench/run-query.ts";
import {
  comparisonQuerySchema,
  startBatchSchema,
  startRunSchema,
  startSweepSchema,
} from "../../src-shared/contract/workbench/runs.ts";
import { settingsSchema } from "../../src-shared/contract/workbench/system.ts";
import { startTrainingSchema, weightsQuerySchema } from "../../src-shared/contract/workbench/trainings.ts";
import { startTuningSchema } from "../../src-shared/contract/workbench/tunings.ts";
import { inputSentence } from "./input-sentence.ts";
import type { Services } from "./services.ts";

const PING_MS = 10_000;

const trpc = initTRPC.context<{ services: Services }>().create({
  // A connection that died with a tunnel or a sleeping laptop is found out, and made anew.
  sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: 3 * PING_MS } },
  errorFormatter: ({ shape, error }) => ({
    code: shape.code,
    // One sentence; of our own errors also the code that the window chooses its words by.
    message: sentenceOf(error, shape.message),
    data: {
      httpStatus: shape.data.httpStatus,
      appCode: error.cause instanceof AppError ? error.cause.code : null,
    },
  }),
});

function sentenceOf({ cause }: TRPCError, message: string): string {
  if (cause instanceof z.ZodError) return inputSentence(cause);
  return cause instanceof SyntaxError ? "The request is not JSON." : message;
}

/** Expected errors become "bad request"; anything else stays an internal error. */
const procedure = trpc.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof AppError) throw new TRPCError({ code: "BAD_REQUEST", message: cause.message, cause });
  if (cause instanceof CancelledError) throw new TRPCError({ code: "CLIENT_CLOSED_REQUEST", message: cause.message });
  return result;
});

/** Starts a job however little memory or disk there is for it. */
const isForced = z.boolean().default(false);

const path = z.string().min(1, "give a path").max(4096, "a path has at most 4096 characters");

export const router = trpc.router({
  system: trpc.router({
    info: procedure.query(({ ctx }) => ctx.services.system.info()),
    proofKey: procedure.query(({ ctx }) => ctx.services.system.proofKey()),
    devices: procedure.query(({ ctx }) => ctx.services.system.devices()),
    memory: procedure.query(({ ctx }) => ctx.services.system.memory()),
    restartEngine: procedure.mutation(({ ctx }) => ctx.services.system.restartEngine()),
    listFolder: procedure
      .input(z.object({ path: path.nullable() }))
      .query(({ ctx, input }) => ctx.services.system.listFolder(input.path)),
    settings: procedure.query(({ ctx }) => ctx.services.system.settings()),
    setSettings: procedure.input(settingsSchema).mutation(({ ctx, input }) => ctx.services.system.setSettings(input)),
  }),
  datasets: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.datasets.list()),
    open: procedure.input(z.object({ path })).mutation(({ ctx, input }) => ctx.services.datasets.open(input.path)),
    remove: procedure
      .input(z.object({ id: datasetIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.datasets.remove(input.id)),
    rescan: procedure
      .input(z.object({ id: datasetIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.datasets.rescan(input.id)),
    images: procedure.input(imageQuerySchema).query(({ ctx, input }) => ctx.services.datasets.images(input)),
    imageIds: procedure.input(imageQuerySchema).query(({ ctx, input }) => ctx.services.datasets.imageIds(input)),
    image: procedure
      .input(z.object({ id: imageIdSchema }))
      .query(({ ctx, input }) => ctx.services.datasets.image(input.id)),
  }),
  checkpoints: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.checkpoints.list()),
    open: procedure.input(z.object({ path })).mutation(({ ctx, input }) => ctx.services.checkpoints.open(input.path)),
    remove: procedure
      .input(z.object({ id: checkpointIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.checkpoints.remove(input.id)),
    keys: procedure
      .input(z.object({ id: checkpointIdSchema }))
      .query(({ ctx, input }) => ctx.services.checkpoints.keys(input.id)),
    statistics: procedure
      .input(z.object({ id: checkpointIdSchema }))
      .query(({ ctx, input }) => ctx.services.checkpoints.statistics(input.id)),
    changes: procedure
      .input(z.object({ from: checkpointIdSchema, to: checkpointIdSchema }))
      .query(({ ctx, input }) => ctx.services.checkpoints.changes(input.from, input.to)),
    architecture: procedure
      .input(z.object({ id: checkpointIdSchema, size: networkSizeSchema }))
      .query(({ ctx, input }) => ctx.services.checkpoints.architecture(input.id, input.size)),
  }),
  embeddings: trpc.router({
    state: procedure.input(embeddingKeySchema).query(({ ctx, input }) => ctx.services.embeddings.state(input)),
    start: procedure.input(embeddingKeySchema).mutation(({ ctx, input }) => ctx.services.embeddings.start(input)),
    cancel: procedure.input(embeddingKeySchema).mutation(({ ctx, input }) => ctx.services.embeddings.cancel(input)),
  }),
  runs: trpc.router({
    list: procedure.input(runQuerySchema).query(({ ctx, input }) => ctx.services.runs.list(input)),
    sections: procedure.input(runSectionQuerySchema).query(({ ctx, input }) => ctx.services.runs.sections(input)),
    points: procedure.input(runPointsQuerySchema).query(({ ctx, input }) => ctx.services.runs.points(input)),
    get: procedure.input(z.object({ id: runIdSchema })).query(({ ctx, input }) => ctx.services.runs.get(input.id)),
    start: procedure
      .input(startRunSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.runs.start(request, forced)),
    startSweep: procedure
      .input(startSweepSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.runs.startSweep(request, forced)),
    startBatch: procedure
      .input(startBatchSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.runs.startBatch(request, forced)),
    estimate: procedure.input(startRunSchema).query(({ ctx, input }) => ctx.services.runs.estimate(input)),
    cancel: procedure
      .input(z.object({ id: runIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.runs.cancel(input.id)),
    cancelGroup: procedure
      .input(z.object({ id: groupIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.runs.cancelGroup(input.id)),
    remove: procedure
      .input(z.object({ id: runIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.runs.remove(input.id)),
    setNotes: procedure
      .input(z.object({ id: runIdSchema, notes: z.string().max(10_000, "notes have at most 10,000 characters") }))
      .mutation(({ ctx, input }) => ctx.services.runs.setNotes(input.id, input.notes)),
    command: procedure
      .input(z.object({ id: runIdSchema }))
      .query(({ ctx, input }) => ctx.services.runs.command(input.id)),
    groups: procedure.query(({ ctx }) => ctx.services.runs.groups()),
    compare: procedure.input(comparisonQuerySchema).query(({ ctx, input }) => ctx.services.runs.compare(input)),
  }),
  evaluations: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.evaluations.list()),
    get: procedure
      .input(z.object({ id: evaluationIdSchema }))
      .query(({ ctx, input }) => ctx.services.evaluations.get(input.id)),
    confused: procedure
      .input(confusionCellSchema.extend({ id: evaluationIdSchema }))
      .query(({ ctx, input: { id, ...cell } }) => ctx.services.evaluations.confused(id, cell)),
    start: procedure
      .input(startEvaluationSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.evaluations.start(request, forced)),
    estimate: procedure
      .input(startEvaluationSchema)
      .query(({ ctx, input }) => ctx.services.evaluations.estimate(input)),
    cancel: procedure
      .input(z.object({ id: evaluationIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.evaluations.cancel(input.id)),
    resume: procedure
      .input(z.object({ id: evaluationIdSchema, isForced }))
      .mutation(({ ctx, input }) => ctx.services.evaluations.resume(input.id, input.isForced)),
    remove: procedure
      .input(z.object({ id: evaluationIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.evaluations.remove(input.id)),
    command: procedure
      .input(z.object({ id: evaluationIdSchema }))
      .query(({ ctx, input }) => ctx.services.evaluations.command(input.id)),
    planSubmission: procedure
      .input(z.object({ id: evaluationIdSchema, benchmark: benchmarkIdSchema }))
      .query(({ ctx, input }) => ctx.services.evaluations.planSubmission(input.id, input.benchmark)),
    writeSubmission: procedure
      .input(z.object({ id: evaluationIdSchema, benchmark: benchmarkIdSchema }))
      .mutation(({ ctx, input, signal }) =>
        ctx.services.evaluations.writeSubmission(input.id, input.benchmark, signal),
      ),
    writeWeights: procedure
      .input(z.object({ id: evaluationIdSchema, form: weightsFormSchema }))
      .mutation(({ ctx, input, signal }) => ctx.services.evaluations.writeWeights(input.id, input.form, signal)),
  }),
  tunings: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.tunings.list()),
    start: procedure
      .input(startTuningSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.tunings.start(request, forced)),
    cancel: procedure
      .input(z.object({ id: tuningIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.tunings.cancel(input.id)),
    resume: procedure
      .input(z.object({ id: tuningIdSchema, isForced }))
      .mutation(({ ctx, input }) => ctx.services.tunings.resume(input.id, input.isForced)),
    remove: procedure
      .input(z.object({ id: tuningIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.tunings.remove(input.id)),
    command: procedure
      .input(z.object({ id: tuningIdSchema }))
      .query(({ ctx, input }) => ctx.services.tunings.command(input.id)),
  }),
  trainings: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.trainings.list()),
    curves: procedure
      .input(z.object({ id: trainingIdSchema }))
      .query(({ ctx, input }) => ctx.services.trainings.curves(input.id)),
    start: procedure
      .input(startTrainingSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.trainings.start(request, forced)),
    estimate: procedure.input(startTrainingSchema).query(({ ctx, input }) => ctx.services.trainings.estimate(input)),
    checkWeights: procedure
      .input(weightsQuerySchema)
      .query(({ ctx, input }) => ctx.services.trainings.checkWeights(input)),
    pause: procedure
      .input(z.object({ id: trainingIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.trainings.pause(input.id)),
    resume: procedure
      .input(z.object({ id: trainingIdSchema, isForced }))
      .mutation(({ ctx, input }) => ctx.services.trainings.resume(input.id, input.isForced)),
    cancel: procedure
      .input(z.object({ id: trainingIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.trainings.cancel(input.id)),
    remove: procedure
      .input(z.object({ id: trainingIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.trainings.remove(input.id)),
    command: procedure
      .input(z.object({ id: trainingIdSchema }))
      .query(({ ctx, input }) => ctx.services.trainings.command(input.id)),
  }),
  queue: trpc.router({
    list: procedure.query(({ ctx }) => ctx.services.queue.list()),
    cancel: procedure
      .input(z.object({ id: queueItemIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.queue.cancel(input.id)),
    kill: procedure
      .input(z.object({ id: queueItemIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.queue.kill(input.id)),
    move: procedure.input(moveInQueueSchema).mutation(({ ctx, input }) => ctx.services.queue.move(input)),
  }),
  exports: trpc.router({
    plan: procedure.input(exportRequestSchema).query(({ ctx, input }) => ctx.services.exports.plan(input)),
    start: procedure
      .input(exportRequestSchema.extend({ isForced }))
      .mutation(({ ctx, input: { isForced: forced, ...request } }) => ctx.services.exports.start(request, forced)),
    get: procedure
      .input(z.object({ id: exportIdSchema }))
      .query(({ ctx, input }) => ctx.services.exports.get(input.id)),
    cancel: procedure
      .input(z.object({ id: exportIdSchema }))
      .mutation(({ ctx, input }) => ctx.services.exports.cancel(input.id)),
  }),
  /** Server-sent events; a window that reconnects gets what it missed. */
  events: procedure
    .input(z.object({ lastEventId: z.coerce.number().int().nonnegative().nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      const stop = signal ?? new AbortController().signal;
      for await (const { id, event } of ctx.services.events.subscribe(input?.lastEventId ?? null, stop)) {
        yield tracked(String(id), event);
      }
    }),
});

export type AppRouter = typeof router;
