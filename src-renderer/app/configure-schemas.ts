// Keeps schemas from compiling themselves, which the page's content policy refuses. Imported before any schema is made.
import { config } from "zod";

config({ jitless: true });
