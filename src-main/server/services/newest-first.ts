// Does a few things at a time, the last one asked for first: what is on the screen now, before what was scrolled past.

interface Waiting {
  readonly start: () => void;
}

export class NewestFirst {
  readonly #parallel: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(parallel: number) {
    this.#parallel = parallel;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#parallel) await new Promise<void>((resolve) => this.#waiting.push({ start: resolve }));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.pop()?.start();
    }
  }
}
