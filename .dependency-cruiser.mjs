// Who may import whom (docs/architecture.md); `npm run lint` checks it. Imports of types count like any others.
import swc from "@swc/core";

// dependency-cruiser has swc read every file as TypeScript without JSX; what has JSX in it needs to be told.
const { parseFileSync } = swc;
swc.parseFileSync = (path, options) => parseFileSync(path, { ...options, tsx: path.endsWith(".tsx") });

/** A rule that `from` imports nothing of ours but what `to` names. */
function only(name, comment, from, to) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { path: "^(src-main|src-renderer|src-shared|test|scripts)/", pathNot: [from, ...to] },
  };
}

const CONTRACT = "^src-shared/";
/** What the engine and those around it both do with files. */
const FILES = "^src-main/files/";
/** Programs: nothing imports them. */
const ENTRY_FILES =
  "^(src-main/(cli/main|desktop/main|desktop/preload|engine/runtimes/probe-device|engine/methods/sample-worker|engine/evaluation/image-worker|engine/process/main)\\.ts|src-renderer/app/main\\.tsx)$";
/** Files of the engine that belong to no room, such as the random numbers. */
const ENGINE_ROOT = "^src-main/engine/[^/]+$";

function room(name, ...mayImport) {
  return only(
    `engine-${name}`,
    `engine/${name} may import src-shared, files${mayImport.map((other) => `, engine/${other}`).join("")}.`,
    `^src-main/engine/${name}/`,
    [CONTRACT, FILES, ENGINE_ROOT, ...mayImport.map((other) => `^src-main/engine/${other}/`)],
  );
}

export default {
  forbidden: [
    only("shared-alone", "src-shared imports nothing of ours.", "^src-shared/", []),
    only("renderer", "src-renderer may import src-shared, and the type of the server's interface.", "^src-renderer/", [
      CONTRACT,
      "^src-main/server/router\\.ts$",
    ]),
    {
      name: "renderer-knows-the-interface-in-one-place",
      comment: "Of the server the window knows the type of its interface, and that in state/api.ts.",
      severity: "error",
      from: { path: "^src-renderer/", pathNot: "^src-renderer/state/api\\.ts$" },
      to: { path: "^src-main/" },
    },
    {
      name: "features-meet-in-state",
      comment: "A screen does not import another screen: they meet in state/.",
      severity: "error",
      from: { path: "^src-renderer/features/([^/]+)/" },
      to: { path: "^src-renderer/(features|app)/", pathNot: "^src-renderer/features/$1/" },
    },
    only("panes", "panes may import state, viewer, components and src-shared.", "^src-renderer/panes/", [
      CONTRACT,
      "^src-renderer/(state|viewer|components)/",
    ]),
    only("viewer", "viewer may import src-shared.", "^src-renderer/viewer/", [CONTRACT]),
    only("components", "components know nothing of the domain.", "^src-renderer/components/", [CONTRACT]),
    only("desktop", "desktop may import server and src-shared.", "^src-main/desktop/", [CONTRACT, "^src-main/server/"]),
    only("cli", "cli may import server and engine; it stores and queues nothing itself.", "^src-main/cli/", [
      CONTRACT,
      "^src-main/(server|engine|files)/",
    ]),
    only("server", "server may import jobs, workspace and files.", "^src-main/server/", [
      CONTRACT,
      "^src-main/(jobs|workspace|files)/",
    ]),
    only("jobs", "jobs may import engine, workspace and files.", "^src-main/jobs/", [
      CONTRACT,
      "^src-main/(engine|workspace|files)/",
    ]),
    only("workspace", "workspace may import files.", "^src-main/workspace/", [CONTRACT, FILES]),
    only("files-alone", "files knows no other room; of src-shared it takes the errors.", FILES, [
      "^src-shared/contract/errors\\.ts$",
    ]),
    only("engine-alone", "engine knows no other room of src-main but files.", "^src-main/engine/", [CONTRACT, FILES]),
    {
      ...only("graph-alone", "engine/graph imports no other room; of src-shared it takes the errors.", "", []),
      from: { path: "^src-main/engine/graph/" },
      to: {
        path: "^(src-main|src-renderer|src-shared|test|scripts)/",
        pathNot: ["^src-main/engine/graph/", "^src-shared/contract/errors\\.ts$"],
      },
    },
    room("pages"),
    room("metrics"),
    room("threads"),
    room("images"),
    room("checkpoints"),
    room("runtimes", "graph"),
    room("models", "graph", "checkpoints"),
    room("sample", "images"),
    room("datasets", "sample", "images"),
    room(
      "methods",
      "training",
      "models",
      "images",
      "metrics",
      "graph",
      "checkpoints",
      "runtimes",
      "datasets",
      "threads",
    ),
    // The house of the methods that train knows none of them, but what they have in common and plain inference.
    room(
      "training",
      "methods/(shared|inference)",
      "models",
      "images",
      "metrics",
      "graph",
      "checkpoints",
      "runtimes",
      "datasets",
      "threads",
    ),
    room(
      "evaluation",
      "methods",
      "models",
      "images",
      "metrics",
      "checkpoints",
      "runtimes",
      "datasets",
      "threads",
      "pages",
    ),
    // The process puts all rooms of the engine together, and no room knows of it.
    room("process", "[^/]+"),
    {
      name: "engine-room-without-rule",
      comment: "A new room of the engine gets a line in this file.",
      severity: "error",
      from: {
        path: "^src-main/engine/(?!graph|sample|pages|metrics|images|checkpoints|runtimes|models|datasets|methods|training|threads|evaluation|process)[^/]+/",
      },
      to: {},
    },
    {
      name: "methods-know-no-runtime",
      comment:
        "Methods and their training take a runtime as an argument: of engine/runtimes they import the interface.",
      severity: "error",
      from: { path: "^src-main/engine/(methods|training)/" },
      to: { path: "^src-main/engine/runtimes/", pathNot: "^src-main/engine/runtimes/runtime\\.ts$" },
    },
    {
      name: "electron-in-desktop",
      comment: "Only desktop imports electron: everything else runs without it.",
      severity: "error",
      from: { pathNot: "^src-main/desktop/" },
      to: { path: "^(node_modules/)?electron(/|$)" },
    },
    {
      name: "no-node-in-browser",
      comment: "src-shared and src-renderer run where there is no Node.",
      severity: "error",
      from: { path: "^src-(shared|renderer)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "sources-without-tests",
      comment: "Sources know nothing of tests and scripts.",
      severity: "error",
      from: { path: "^src-" },
      to: { path: "^(test|scripts)/" },
    },
    {
      name: "no-cycle",
      comment: "A file needs another, or the other way round. Ops may: the gradient of a slice is a padding, and back.",
      severity: "error",
      from: { pathNot: "^src-main/engine/graph/ops/" },
      to: { circular: true },
    },
    {
      name: "no-cycle-through-ops",
      comment: "A cycle that ops are in stays among ops.",
      severity: "error",
      from: { path: "^src-main/engine/graph/ops/" },
      to: { circular: true, via: { pathNot: "^src-main/engine/graph/ops/" } },
    },
    {
      name: "no-orphan",
      comment: "Nothing imports this file, and it imports nothing: it is not part of the program.",
      severity: "error",
      from: { orphan: true, pathNot: "\\.d\\.ts$" },
      to: {},
    },
    {
      name: "no-dead-source",
      comment: "No entry file reaches this file: it is not part of the program.",
      severity: "error",
      from: { path: [ENTRY_FILES, "^(test|scripts)/"] },
      to: { path: "^src-", pathNot: [ENTRY_FILES, "/vite\\.config\\.ts$"], reachable: false },
    },
    {
      name: "no-unlisted-package",
      comment: "A package that is imported is in package.json.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"], pathNot: "^electron$" },
    },
    {
      name: "no-development-package-in-sources",
      comment: "What sources import is installed with the program.",
      severity: "error",
      // The window's packages are bundled, and Electron packs itself with the program.
      from: { path: "^src-(main|shared)/" },
      to: { dependencyTypes: ["npm-dev"], pathNot: "^node_modules/electron/" },
    },
    {
      name: "no-missing-file",
      comment: "The import leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^electron$" },
    },
  ],
  options: {
    // TypeScript 7 has no programming interface yet; swc reads the imports instead.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
    exclude: { path: "^test/fixtures/" },
  },
};
