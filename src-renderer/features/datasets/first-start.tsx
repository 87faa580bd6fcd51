// What a new workspace shows above the sample's images: one button that leads to an adapted image.
import { Button } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { formatDuration } from "../../components/format.ts";
import { useCommands } from "../../state/commands.ts";
import { startFirstRun, useFirstRun } from "../../state/first-run.ts";
import { queries } from "../../state/queries.ts";
import "./first-start.css";

/** Nothing as soon as anything has been run. */
export function FirstStart({ dataset }: { readonly dataset: Dataset }) {
  const request = useFirstRun(dataset);
  return request === null ? null : <Invitation request={request} />;
}

function Invitation({ request }: { readonly request: StartRun }) {
  const [isStarting, setStarting] = useState(false);
  const { data: estimate } = useQuery(queries.estimate(request));
  const start = () => {
    setStarting(true);
    void startFirstRun(request).finally(() => setStarting(false));
  };
  useCommands([
    {
      id: "datasets.firstRun",
      title: "Adapt a sample image",
      group: "Datasets",
      isEnabled: () => !isStarting,
      run: start,
    },
  ]);
  return (
    <section className="first-start" aria-label="First start">
      <img src={routes.thumbnail(request.imageId)} alt="" />
      <div className="first-start-words">
        <h2>This model has only seen clear days</h2>
        <p>
          Let it adapt to a street it does not know, by that one image alone, and see what that brings
          {estimate === undefined ? "." : `: about ${formatDuration(estimate.milliseconds)}.`}
        </p>
      </div>
      <Button
        size="md"
        loading={isStarting}
        leftSection={<IconPlayerPlayFilled size={14} aria-hidden="true" />}
        onClick={start}
      >
        Adapt to this image
      </Button>
    </section>
  );
}
