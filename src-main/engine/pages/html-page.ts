// A page that is one file: style and pictures inside, no script, nothing loaded from anywhere.
import { html, Markup } from "./markup.ts";
import { PAGE_STYLE } from "./page-style.ts";

export function htmlPage(title: string, body: readonly Markup[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}
