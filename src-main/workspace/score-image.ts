// Copies the figures of an image's newest result, of a run or an evaluation, into the image's row, where the grid sorts by them.
import type { Database } from "./database.ts";

/** The figures that the image has in evaluations, the newest first. */
const EVALUATED = `
  SELECT scored.evaluation, scored_at, method, checkpoint_id, miou, entropy, confidence
  FROM scored_evaluation AS scored
  CROSS JOIN evaluation_score AS score ON score.evaluation = scored.evaluation AND score.key = image.key
  WHERE scored.dataset = image.dataset ORDER BY scored_at DESC, scored.evaluation DESC`;

const NEWEST_RUN = `
  SELECT ended_at AS at, id, miou_after AS miou, entropy_after AS entropy, confidence_after AS confidence,
    miou_after - coalesce(miou_stored, miou_before) AS gain
  FROM run WHERE image = ?1 AND status = 'finished' ORDER BY ended_at DESC, n DESC LIMIT 1`;

/** Adaptation and prediction are evaluated each for itself, in either order: their difference is the gain of both. */
const NEWEST_EVALUATION = `
  SELECT scored_at, (SELECT id FROM evaluation WHERE n = newest.evaluation), miou, entropy, confidence,
    iif(method IN ('adapt', 'predict'), (${newestMiou("adapt")}) - (${newestMiou("predict")}), NULL)
  FROM (SELECT * FROM evaluated LIMIT 1) AS newest`;

const SCORE = `
  UPDATE image SET (scored_by, miou, entropy, confidence, gain) = (
    WITH evaluated AS NOT MATERIALIZED (${EVALUATED}),
      result AS NOT MATERIALIZED (SELECT * FROM (${NEWEST_RUN}) UNION ALL ${NEWEST_EVALUATION})
    SELECT id, miou, entropy, confidence, gain
    FROM (SELECT 1) LEFT JOIN (SELECT * FROM result ORDER BY at DESC LIMIT 1)
  ) WHERE n = ?1`;

/** @param image  its place in the table; nothing happens when it is not there; one without a result loses its figures */
export function scoreImage(database: Database, image: number): void {
  database.run(SCORE, image);
}

function newestMiou(method: "adapt" | "predict"): string {
  return `SELECT miou FROM evaluated WHERE method = '${method}' AND checkpoint_id = newest.checkpoint_id LIMIT 1`;
}
