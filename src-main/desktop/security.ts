// Locks the window down: no page but ours, no pop-ups, no web views, no permissions.
import { app, type Session, shell } from "electron";
import { isAllowedOutside, isOwnPage } from "./allowed-addresses.ts";

/** For every page of the program, whichever way it came to be. */
export function lockDownPages(serverOrigin: string): void {
  app.on("web-contents-created", (_event, contents) => {
    const stayHere = (event: Electron.Event, address: string): void => {
      if (!isOwnPage(address, serverOrigin)) event.preventDefault();
    };
    contents.on("will-navigate", (event) => stayHere(event, event.url));
    contents.on("will-redirect", (event) => stayHere(event, event.url));
    contents.on("will-frame-navigate", (event) => stayHere(event, event.url));
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedOutside(url)) void shell.openExternal(url);
      return { action: "deny" };
    });
  });
}

/** Electron grants every permission unless it is told otherwise; the page needs none but its own clipboard. */
export function denyPermissions(session: Session, serverOrigin: string): void {
  const isAllowed = (permission: string, address: string): boolean =>
    permission === "clipboard-sanitized-write" && isOwnPage(address, serverOrigin);
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isAllowed(permission, contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
