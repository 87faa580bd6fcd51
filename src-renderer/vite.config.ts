// Builds the window's page into dist/renderer.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: "../dist/renderer", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
