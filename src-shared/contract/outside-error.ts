// What is said of a file that links lead out of the opened folder to, whoever meets it.
import { AppError } from "./errors.ts";

export function outsideError(path: string, realPath: string): AppError {
  return new AppError(
    "input.outside",
    `"${path}" leads out of the opened folder to "${realPath}"; open the folder that the file is really in.`,
  );
}
