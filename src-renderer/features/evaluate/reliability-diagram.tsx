// The reliability diagram: how often pixels are right in ten bins of confidence, beside how sure they are.
import { formatShare } from "../../components/format.ts";

export interface Reliability {
  readonly accuracy: readonly number[];
  readonly confidence: readonly number[];
}

interface ReliabilityDiagramProps {
  readonly reliability: Reliability;
  readonly other: Reliability | null;
}

const SIZE = { width: 400, height: 220, left: 40, right: 8, top: 8, bottom: 34 };
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

export function ReliabilityDiagram({ reliability, other }: ReliabilityDiagramProps) {
  const { accuracy, confidence } = reliability;
  const inner = { width: SIZE.width - SIZE.left - SIZE.right, height: SIZE.height - SIZE.top - SIZE.bottom };
  const x = (share: number) => SIZE.left + share * inner.width;
  const y = (share: number) => SIZE.top + (1 - share) * inner.height;
  const binWidth = inner.width / accuracy.length;
  return (
    <figure className="reliability" aria-label={summaryOf(reliability)}>
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} aria-hidden="true">
        {TICKS.map((tick) => (
          <g key={tick}>
            <line className="reliability-grid" x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
            <text className="reliability-tick" x={SIZE.left - 6} y={y(tick) + 4} textAnchor="end">
              {tick.toFixed(1)}
            </text>
            <text className="reliability-tick" x={x(tick)} y={SIZE.height - 20} textAnchor="middle">
              {tick.toFixed(1)}
            </text>
          </g>
        ))}
        <text className="reliability-tick" x={x(0.5)} y={SIZE.height - 4} textAnchor="middle">
          confidence
        </text>
        {accuracy.map((share, bin) => {
          const left = x(bin / accuracy.length) + 2;
          const said = confidence[bin] ?? 0;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: bins have no other name than their place
            <g key={bin}>
              <title>
                {formatShare(share)} right where it says {formatShare(said)}
              </title>
              <rect
                className="reliability-bar"
                x={left}
                width={binWidth - 4}
                y={y(share)}
                height={y(0) - y(share)}
                rx={2}
              />
              <line className="reliability-said" x1={left} x2={left + binWidth - 4} y1={y(said)} y2={y(said)} />
              {other !== null && (
                <circle
                  className="reliability-other"
                  cx={left + binWidth / 2 - 2}
                  cy={y(other.accuracy[bin] ?? 0)}
                  r={3}
                />
              )}
            </g>
          );
        })}
        <line className="reliability-diagonal" x1={x(0)} x2={x(1)} y1={y(0)} y2={y(1)} />
      </svg>
      <figcaption className="reliability-legend">
        <span data-mark="bar">right</span>
        <span data-mark="said">mean confidence</span>
        {other !== null && <span data-mark="other">right, compared</span>}
      </figcaption>
    </figure>
  );
}

/** For those who don't see it. */
function summaryOf({ accuracy, confidence }: Reliability): string {
  const bins = accuracy.map((share, bin) => `${formatShare(share)} right at ${formatShare(confidence[bin] ?? 0)}`);
  return `Reliability in ${accuracy.length} bins: ${bins.join("; ")}`;
}
