// Shows an address in the user's browser, where there is one.
import { spawn } from "node:child_process";

/** Nothing happens where it can't be done: the address was printed. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...args] = commandFor(platform, url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

function commandFor(platform: NodeJS.Platform, url: string): readonly [string, ...string[]] {
  switch (platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      // "start" is a word of the shell, for which "&" would end the address; rundll32 takes it as it is.
      return ["rundll32", "url.dll,FileProtocolHandler", url];
    default:
      return ["xdg-open", url];
  }
}
