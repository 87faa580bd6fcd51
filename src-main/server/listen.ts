// Opens the server's port on this machine's own addresses, and no other.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { AppError } from "../../src-shared/contract/errors.ts";

export const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "::1"] as const;
export type LoopbackHost = (typeof LOOPBACK_HOSTS)[number];

export interface Listening {
  /** "http://127.0.0.1:4000" */
  readonly origin: string;
  readonly port: number;
  /** Ends all connections, too. */
  close(): Promise<void>;
}

/**
 * @param port  0: any that is free
 * @throws AppError `input.option` when the port is in use, or not for us
 */
export async function listen(
  answer: (request: Request) => Response | Promise<Response>,
  { host, port }: { readonly host: LoopbackHost; readonly port: number },
): Promise<Listening> {
  const server = createServer(getRequestListener(answer));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(host, port, error)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo; // of a server on a port
  const name = host === "::1" ? "[::1]" : host;
  return { origin: `http://${name}:${address.port}`, port: address.port, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Event streams would stay open as long as their windows are.
    server.closeAllConnections();
  });
}

function portError(host: string, port: number, cause: NodeJS.ErrnoException): AppError {
  const instead = "choose another with --port, or leave it out to take any free one";
  switch (cause.code) {
    case "EADDRINUSE":
      return new AppError("input.option", `Port ${port} is in use by another program; ${instead}.`, { cause });
    case "EACCES":
      return new AppError("input.option", `Port ${port} may not be used by ordinary programs; ${instead}.`, { cause });
    case "EADDRNOTAVAIL":
      return new AppError("input.option", `This machine has no address "${host}"; choose another with --host.`, {
        cause,
      });
    default:
      return new AppError("input.option", `Port ${port} of ${host} could not be opened (${cause.code}); ${instead}.`, {
        cause,
      });
  }
}
