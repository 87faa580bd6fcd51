// Runs as the contract has them, from the rows of the database.
import {
  RUN_STATUSES,
  type Run,
  type RunStatus,
  type RunSummary,
  runSchema,
  runSummarySchema,
} from "../../src-shared/contract/workbench/runs.ts";
import { fromJson, type Row } from "./database.ts";

export interface RunParts {
  readonly losses: readonly Row[];
  readonly kept: readonly Row[];
  readonly views: readonly Row[];
}

export function summaryFromRow(row: Row): RunSummary {
  return runSummarySchema.parse(summaryFields(row));
}

export function runFromRows(row: Row, { losses, kept, views }: RunParts): Run {
  return runSchema.parse({
    ...summaryFields(row),
    machine: fromJson(row.machine),
    size: fromJson(row.size),
    losses: losses.map(({ loss }) => loss),
    kept: kept.map(({ body }) => fromJson(body)),
    references: fromJson(row.reference_predictions) ?? [],
    views: views.map(({ body }) => fromJson(body)),
    pseudoLabel: fromJson(row.pseudo_label),
    lastEvent: fromJson(row.last_event),
    provenance: fromJson(row.provenance),
  });
}

export function noCounts(): Record<RunStatus, number> {
  const zero: Record<string, number> = Object.fromEntries(RUN_STATUSES.map((status) => [status, 0]));
  return zero as Record<RunStatus, number>; // from the list of all of them
}

function summaryFields(row: Row): Record<string, unknown> {
  return {
    id: row.id,
    groupId: row.group_id,
    status: row.status,
    method: row.method,
    config: fromJson(row.config),
    image: { id: row.image_id, datasetId: row.dataset_id, key: row.image_key },
    checkpoint: {
      id: row.checkpoint_id,
      name: row.checkpoint_name,
      numClasses: row.num_classes,
      ...(row.label_set === null || row.label_set === undefined ? {} : { labelSet: fromJson(row.label_set) }),
    },
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    error: fromJson(row.error),
    miouBefore: row.miou_before,
    miouAfter: row.miou_after,
    miouStored: row.miou_stored,
    lastLoss: row.last_loss,
    notes: row.notes,
  };
}
