// What looks at a job's needs before it starts, over a test's workspace and jobs.
import { RunEstimator } from "../../src-main/server/services/estimate-run.ts";
import { TrainingEstimator } from "../../src-main/server/services/estimate-training.ts";
import { Preflight } from "../../src-main/server/services/preflight.ts";

type Parts = Pick<ConstructorParameters<typeof RunEstimator>[0], "jobs"> & {
  readonly workspace: ConstructorParameters<typeof RunEstimator>[0]["workspace"] &
    ConstructorParameters<typeof TrainingEstimator>[0]["workspace"] &
    ConstructorParameters<typeof Preflight>[0]["workspace"];
};

export function openPreflight({ workspace, jobs }: Parts) {
  const estimator = new RunEstimator({ workspace, jobs });
  const trainingEstimator = new TrainingEstimator({ workspace, jobs, estimator });
  return { estimator, trainingEstimator, preflight: new Preflight({ workspace, jobs, estimator, trainingEstimator }) };
}
