// Which of several networks in a file is meant: the one that was asked for, or the one that is no moving average.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { quoted } from "../checkpoints/checkpoint-error.ts";
import { type FoundNetwork, isWhole } from "./find-networks.ts";

export interface NetworkNames {
  readonly names: readonly string[];
  readonly chosen: string;
}

/** What programs call a network that follows another one. */
const FOLLOWER = /(^|[._])(ema|teacher|slow|shadow|averaged?|avg|swa|momentum|target)/i;

/**
 * @param networks  whole ones first; not empty
 * @param weights   a name, the end of one, or student or teacher
 * @throws AppError `input.option` for a name that none has, or several have
 */
export function chosenNetwork(
  fileName: string,
  networks: readonly FoundNetwork[],
  weights: string | undefined,
): { network: FoundNetwork; names: NetworkNames | null } {
  const [first] = networks;
  const usable = networks.filter(isWhole);
  const among = usable.length > 0 ? usable : networks.slice(0, 1);
  const named = among.map((network, place) => ({ network, name: namesOf(among)[place] ?? "" }));
  const [usual = named[0]] = named.filter(({ name }) => !FOLLOWER.test(name));
  const asked = weights === undefined ? usual : wanted(fileName, named, weights);
  if (first === undefined || asked === undefined) throw new Error("no network to choose from");
  const names = named.length === 1 ? null : { names: named.map(({ name }) => name), chosen: asked.name };
  return { network: asked.network, names };
}

interface Named {
  readonly network: FoundNetwork;
  readonly name: string;
}

function wanted(fileName: string, named: readonly Named[], weights: string): Named {
  const file = quoted(fileName);
  if (named.length === 1 && named[0]?.name !== weights) {
    const what = "is no snapshot of a training with student and teacher";
    throw new AppError("input.option", `${file} ${what}; leave --weights ${weights} out.`);
  }
  const exact = named.filter(({ name }) => name === weights);
  const role = named.filter(({ name }) => FOLLOWER.test(name) === (weights === "teacher"));
  const alike = exact.length > 0 ? exact : weights === "teacher" || weights === "student" ? role : [];
  const [one, ...others] = alike;
  if (one !== undefined && others.length === 0) return one;
  const names = named.map(({ name }) => `"${name}"`).join(", ");
  const what = one === undefined ? `no network "${weights}"` : `several networks that may be the ${weights}`;
  throw new AppError("input.option", `${file} holds ${what}: give --weights one of ${names}.`);
}

/** What the file has before their keys, without what all have. */
function namesOf(networks: readonly FoundNetwork[]): string[] {
  const paths = networks.map(({ prefix }) => prefix.split(".").slice(0, -1));
  const shared =
    networks.length === 1 ? 0 : (paths[0] ?? []).findIndex((part, i) => paths.some((path) => path[i] !== part));
  const depth = shared < 0 ? (paths[0] ?? []).length : shared;
  return paths.map((path) => path.slice(depth).join(".") || "main");
}
