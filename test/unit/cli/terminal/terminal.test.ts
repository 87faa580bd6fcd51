// What people see.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { countText, durationText, gainText, percentText, sizeText } from "../../../../src-main/cli/terminal/format.ts";
import { RunProgress } from "../../../../src-main/cli/terminal/run-progress.ts";
import { tableLines } from "../../../../src-main/cli/terminal/table.ts";
import { Terminal } from "../../../../src-main/cli/terminal/terminal.ts";

describe("numbers as text", () => {
  it.each([
    [0, "0 ms"],
    [950, "950 ms"],
    [999.6, "1.0 s"],
    [8310, "8.3 s"],
    [59_960, "1 min 00 s"],
    [125_000, "2 min 05 s"],
    [3_720_000, "1 h 02 min"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it.each([
    [512, "512 bytes"],
    [6_420_000, "6.4 MB"],
    [999_700, "1.0 MB"],
    [98_000_000_000, "98 GB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it("gives gains their sign, and a dash to what is not there", () => {
    expect([gainText(0.3, 0.354), gainText(0.3, 0.25), gainText(0.3, 0.3), gainText(0.3, 0.29999)]).toEqual([
      "+5.4",
      "−5.0",
      "+0.0",
      "+0.0",
    ]);
    expect([gainText(null, 0.3), percentText(null), percentText(1)]).toEqual(["–", "–", "100.0"]);
    expect([countText(1, "image"), countText(2, "image")]).toEqual(["1 image", "2 images"]);
  });

  it("aligns tables", () => {
    expect(
      tableLines(
        ["class", "IoU"],
        [
          ["road", "97.1"],
          ["traffic light", "–"],
        ],
      ),
    ).toEqual(["class           IoU", "road           97.1", "traffic light     –"]);
  });
});

class Stream extends EventEmitter {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 20;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(chunk: string): boolean {
    this.text += chunk;
    return true;
  }
}

function terminalOn(stderrIsTty: boolean, term = "xterm") {
  const [stdout, stderr] = [new Stream(false), new Stream(stderrIsTty)];
  // The terminal writes, listens and measures; a real stream does much more.
  const streams = [stdout, stderr] as unknown as [NodeJS.WriteStream, NodeJS.WriteStream];
  return { stdout, stderr, terminal: new Terminal(streams[0], streams[1], term) };
}

describe("Terminal", () => {
  it("changes one line in place, cut to the width", () => {
    const { terminal, stderr } = terminalOn(true);
    terminal.progress("a line that is far too long");
    expect(stderr.text).toBe("\r\u001b[2Ka line that is far ");
    terminal.clearProgress();
    expect(stderr.text.endsWith("\r\u001b[2K")).toBe(true);
  });

  it.each([
    [false, "xterm"],
    [true, "dumb"],
  ])("writes no such line where stderr is a terminal: %s, %s", (isTty, term) => {
    const { terminal, stderr } = terminalOn(isTty, term);
    terminal.progress("step 1");
    terminal.clearProgress();
    expect(stderr.text).toBe("");
  });

  it("puts results on stdout, and the line back after a notice", () => {
    const { terminal, stdout, stderr } = terminalOn(true);
    terminal.progress("step 1");
    terminal.notice("careful");
    terminal.print("result");
    expect(stdout.text).toBe("result\n");
    expect(stderr.text).toBe("\r\u001b[2Kstep 1\r\u001b[2Kcareful\n\r\u001b[2Kstep 1\r\u001b[2K");
  });

  it("says nothing more to a reader that is gone", () => {
    const { terminal, stdout } = terminalOn(false);
    stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    terminal.print("result");
    expect(stdout.text).toBe("");
  });
});

describe("RunProgress", () => {
  it("tells image, step, loss and the time that is left", () => {
    let time = 0;
    const progress = new RunProgress({ images: 2, views: 6, iterations: 2, now: () => time });
    progress.imageStarted("fog/003");
    expect(progress.line).toBe("░░░░░░░░░░░░░░░░ 1/2 fog/003  reading");
    progress.hear({ type: "viewFinished", index: 5, count: 6, scale: 1, flipped: true, gray: true, elapsedMs: 1 });
    time = 6000; // 6 of 30 parts are done
    expect(progress.line).toBe("███░░░░░░░░░░░░░ 1/2 fog/003  view 6/6  about 24 s left");
    progress.hear({ type: "pseudoLabelFinished", keptPixels: 3, pixels: 4, perClass: [3], agreement: 0.75 });
    expect(progress.line).toContain("pseudo-label on 75 % of the pixels");
    progress.hear({ type: "iterationFinished", iteration: 1, iterations: 2, loss: 0.21434, elapsedMs: 1 });
    expect(progress.line).toContain("iteration 1/2  loss 0.2143");
    progress.hear({ type: "predictionFinished", elapsedMs: 1 });
    expect(progress.line).toBe("████████░░░░░░░░ 1/2 fog/003  writing  about 6 s left");
    progress.imageEnded();
    progress.imageEnded();
    expect(progress.line).toMatch(/^█{16} 2\/2/);
  });
});
