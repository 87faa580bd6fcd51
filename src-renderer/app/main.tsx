// Starts the page: styles, theme, cache, and the window in its root element.
import "./configure-schemas.ts";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./styles.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BugError } from "../../src-shared/contract/errors.ts";
import { queryClient } from "../state/query-client.ts";
import { App } from "./app.tsx";
import { adoptThemeVariables, theme } from "./theme.ts";

adoptThemeVariables();

const root = document.getElementById("root");
if (root === null) throw new BugError("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <App />
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
