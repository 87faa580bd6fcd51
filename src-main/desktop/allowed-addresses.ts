// Which addresses the window may show, and which may be handed to the system's browser.

/** Sites of the project's documentation links; anything else is refused. */
const DOCUMENTATION_HOSTS = new Set(["github.com", "arxiv.org", "openaccess.thecvf.com"]);

/** Whether the window may navigate there: only within the page that the server of this launch serves. */
export function isOwnPage(address: string, serverOrigin: string): boolean {
  return parsed(address)?.origin === serverOrigin;
}

/** Whether the system's browser may be asked to open it: https, and a host we link to. */
export function isAllowedOutside(address: string): boolean {
  const url = parsed(address);
  return url !== null && url.protocol === "https:" && url.port === "" && DOCUMENTATION_HOSTS.has(url.hostname);
}

function parsed(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
