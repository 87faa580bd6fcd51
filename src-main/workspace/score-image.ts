// Copies the figures of an image's newest finished run into the image's row, where the grid sorts by them.
import type { Database } from "./database.ts";

/** @param image  its place in the table; nothing happens when it is not there; one without a finished run loses its figures */
export function scoreImage(database: Database, image: number): void {
  database.run(
    `UPDATE image SET (run, miou, entropy, confidence, gain) = (
       SELECT id, miou_after, entropy_after, confidence_after, miou_after - miou_before FROM (SELECT 1)
       LEFT JOIN (SELECT * FROM run WHERE image = ?1 AND status = 'finished' ORDER BY ended_at DESC, n DESC LIMIT 1)
     ) WHERE n = ?1`,
    image,
  );
}
