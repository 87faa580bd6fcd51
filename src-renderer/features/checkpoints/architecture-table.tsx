// The stages and blocks of a checkpoint's network: output shapes at a chosen input size, parameters, multiply-adds.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import type { Checkpoint, NetworkSize } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { countWithUnit, outputText } from "./architecture-words.ts";

const FIRST_SIZE: NetworkSize = { width: 2048, height: 1024 };
/** Of an input's side; as the server allows. */
const SIDE = { min: 32, max: 8192, step: 32 };

export function ArchitectureTable({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const [size, setSize] = useState(FIRST_SIZE);
  const [shows, setShows] = useState<"stages" | "blocks">("blocks");
  const { data, error } = useQuery(queries.checkpointArchitecture(checkpoint.id, size));
  return (
    <>
      <div className="key-table-bar">
        <NumberField
          label="Width"
          isLabelHidden
          {...SIDE}
          value={size.width}
          onCommit={(width) => setSize({ ...size, width })}
        />
        <span aria-hidden="true">×</span>
        <NumberField
          label="Height"
          isLabelHidden
          {...SIDE}
          value={size.height}
          onCommit={(height) => setSize({ ...size, height })}
        />
        <span className="dimmed">pixels of input</span>
        <SegmentedControl
          aria-label="Show"
          value={shows}
          onChange={(value) => setShows(value === "stages" ? "stages" : "blocks")}
          data={[
            { value: "stages", label: "Stages" },
            { value: "blocks", label: "Blocks" },
          ]}
        />
      </div>
      {error !== null && (
        <div className="weight-notice">
          <Notice level="error">{sentenceOf(error)}</Notice>
        </div>
      )}
      {data !== undefined && error === null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area is reached by keyboard
        <section className="architecture" aria-label="Architecture" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>Stage</th>
                <th>Output: channels × height × width</th>
                <th>Parameters</th>
                <th>Multiply-adds</th>
              </tr>
            </thead>
            <tbody>
              {data.stages.map((stage) => (
                <Fragment key={stage.name}>
                  <tr>
                    <td>{stage.name}</td>
                    <td>{stage.outputs.map(outputText).join(", ")}</td>
                    <td title={formatCount(stage.parameters)}>{countWithUnit(stage.parameters)}</td>
                    <td title={formatCount(stage.multiplyAdds)}>{countWithUnit(stage.multiplyAdds)}</td>
                  </tr>
                  {shows === "blocks" &&
                    stage.blocks.map((block) => (
                      <tr key={block.name} className="architecture-block">
                        <td className="mono">{block.name}</td>
                        <td>{outputText(block.output)}</td>
                        <td title={formatCount(block.parameters)}>{countWithUnit(block.parameters)}</td>
                        <td title={formatCount(block.multiplyAdds)}>{countWithUnit(block.multiplyAdds)}</td>
                      </tr>
                    ))}
                </Fragment>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>Together</td>
                <td>
                  {data.input.width} × {data.input.height} pixels of input
                </td>
                <td title={formatCount(data.parameters)}>{countWithUnit(data.parameters)}</td>
                <td title={formatCount(data.multiplyAdds)}>{countWithUnit(data.multiplyAdds)}</td>
              </tr>
            </tfoot>
          </table>
        </section>
      )}
    </>
  );
}
