// Where the recorded outputs of the original programs lie.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder per method; `ACCLIMATE_FIXTURES` names another one than test/fixtures, such as one with more cases. */
const ROOT = process.env.ACCLIMATE_FIXTURES || fileURLToPath(new URL("../fixtures", import.meta.url));

/** Of the self-adaptation; ends with a slash. */
export const FIXTURES = join(ROOT, "self-adaptation", "/");

/** Of DA-SAC; ends with a slash. */
export const DA_SAC_FIXTURES = join(ROOT, "da-sac", "/");

/** Of CROTS; ends with a slash. */
export const CROTS_FIXTURES = join(ROOT, "crots", "/");

/** Of EBDA on DAFormer; ends with a slash. */
export const EBDA_FIXTURES = join(ROOT, "ebda-daformer", "/");

/** Of CISS on HRDA; ends with a slash. */
export const CISS_FIXTURES = join(ROOT, "ciss-hrda", "/");
