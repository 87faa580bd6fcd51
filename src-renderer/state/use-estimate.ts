// The server's estimate of a job that a form describes, asked for anew a moment after the last change.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";

/** Time to settle on a value before the server is asked. */
const DEBOUNCE_MS = 250;

/**
 * @param kind     "evaluation", "training"
 * @param request  null while something is missing or wrong; its name changes nothing
 */
export function useEstimate<Request extends { readonly name: string }, Estimate>(
  kind: string,
  request: Request | null,
  ask: (request: Request) => Promise<Estimate>,
): { readonly estimate: Estimate | undefined; readonly error: Error | null } {
  const text = request === null ? null : JSON.stringify({ ...request, name: "" });
  const [settled] = useDebouncedValue(text, DEBOUNCE_MS);
  const { data, error } = useQuery({
    queryKey: ["estimate", kind, settled],
    // What was written is read again as it was.
    queryFn: settled === null ? skipToken : () => ask(JSON.parse(settled) as Request),
    placeholderData: keepPreviousData,
  });
  return { estimate: data, error };
}
