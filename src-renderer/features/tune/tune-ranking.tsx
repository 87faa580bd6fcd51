// The ranking of a tuning: the winner with what to do with it, and the others in a table.
import { Button, Table } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import {
  CRITERIA,
  type RankedSetting,
  settingWords,
  type TuningPlan,
  type TuningResult,
  winnerOf,
} from "../../../src-shared/contract/tuning.ts";
import { formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import type { TuneTarget } from "../../state/tune-dialog.ts";
import { applySetting, savePreset } from "./tuning-actions.ts";

interface TuneRankingProps {
  readonly result: TuningResult;
  readonly plan: TuningPlan;
  readonly target: TuneTarget;
  readonly name: string;
  readonly onClose: () => void;
}

export function TuneRanking({ result, plan, target, name, onClose }: TuneRankingProps) {
  const { ranking, unadapted } = result;
  const winner = winnerOf(ranking);
  if (ranking.length === 0) return <p className="dimmed">No setting has been tried on every image yet.</p>;
  const hasScores = ranking.some(({ miou }) => miou !== null);
  const showsCriterion = plan.criterion !== "miou";
  return (
    <>
      {winner !== undefined && (
        <section className="tune-winner" aria-label="The best so far">
          <IconStarFilled size={14} aria-hidden="true" />
          <strong>{settingWords(winner.parameters, plan.start)}</strong>
          <span className="tune-winner-gap" />
          <Button variant="default" size="xs" onClick={() => savePreset(name, winner.parameters, target.config)}>
            Save as a preset
          </Button>
          <Button
            size="xs"
            onClick={() => {
              applySetting(winner.parameters, target);
              onClose();
            }}
          >
            Use it now
          </Button>
        </section>
      )}
      <div className="tune-ranking">
        <Table stickyHeader verticalSpacing={5} horizontalSpacing={10} aria-label="Ranking">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              {showsCriterion && <Table.Th>{CRITERIA[plan.criterion].title}</Table.Th>}
              {hasScores && <Table.Th>Mean IoU</Table.Th>}
              {hasScores && <Table.Th>Gain</Table.Th>}
              <Table.Th>
                <span className="visually-hidden">Use</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ranking.map((setting) => (
              <Table.Tr key={JSON.stringify(setting.parameters)} data-best={setting === winner || undefined}>
                <Table.Td>
                  {settingWords(setting.parameters, plan.start)}
                  {setting.collapsed > 0 && <span className="tune-collapsed"> collapsed</span>}
                </Table.Td>
                {showsCriterion && <Table.Td>{setting.value?.toFixed(3) ?? "–"}</Table.Td>}
                {hasScores && <Table.Td>{setting.miou === null ? "–" : formatShare(setting.miou)}</Table.Td>}
                {hasScores && (
                  <Table.Td>
                    <GainText gain={gainOf(setting, unadapted)} />
                  </Table.Td>
                )}
                <Table.Td>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => {
                      applySetting(setting.parameters, target);
                      onClose();
                    }}
                  >
                    use
                  </button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

/** Over the checkpoint without adaptation, at the alpha the search began with. */
function gainOf({ miou }: RankedSetting, unadapted: RankedSetting | null): number | null {
  return miou === null || unadapted === null || unadapted.miou === null ? null : miou - unadapted.miou;
}
