// A program for a process of its own: starts threads, ends each while its answers are on the way, and says so at its end.
import { Thread } from "../../src-main/engine/threads/thread.ts";

const PROGRAM = new URL("echo-thread.ts", import.meta.url);
const [, , times = "0", questions = "0"] = process.argv;

for (let k = 0; k < Number(times); k += 1) {
  const thread = new Thread<number, number>(PROGRAM, null);
  // The first answer comes when the program runs: the others are right behind it.
  const answers = Array.from({ length: Number(questions) }, (_, n) => thread.ask(n));
  for (const answer of answers) answer.catch(() => undefined);
  await answers[0];
  await thread.dispose();
}
console.log("ended");
