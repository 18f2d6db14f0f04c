interface Step {
  what: string;
  undo: () => Promise<unknown>;
}

/** Remembers how to undo what was made or changed. */
export class CleanUp {
  readonly #steps: Step[] = [];
  readonly #report: (line: string) => void;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /**
   * Adds a step. Add it before the change if an interrupted change could leave something behind.
   *
   * @param what as a person says it, such as "delete the API key"
   * @returns undoes it now, and only once
   */
  add(what: string, undo: () => Promise<unknown>): () => Promise<void> {
    const step = { what, undo };
    this.#steps.push(step);
    return async () => {
      const index = this.#steps.indexOf(step);
      if (index < 0) return;
      await undo();
      this.#steps.splice(index, 1);
    };
  }

  /** Undoes everything that was not undone yet, the last change first. @returns what could not be undone, and why */
  async run(): Promise<string[]> {
    const failures: string[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        const failure = `${step.what}: ${(error as Error).message}`;
        failures.push(failure);
        this.#report(`Could not ${failure}`);
      }
    }
    return failures;
  }
}
