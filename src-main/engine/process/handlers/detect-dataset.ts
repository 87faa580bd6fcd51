// Says what layout a folder has.
import { detectLayout } from "../../datasets/detect-layout.ts";
import { LAYOUTS } from "../../datasets/layouts.ts";
import type { Handler } from "../handler.ts";

export const detectDataset: Handler<"detectDataset"> = async ({ root }) => {
  const layout = await detectLayout(root);
  return { layout, layoutName: LAYOUTS[layout].name };
};
