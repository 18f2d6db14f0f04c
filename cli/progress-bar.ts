const WIDTH = 30;

/** How far something is. */
export interface Done {
  /** What is happening, such as `RUNNING`. */
  what: string;
  /** From 0 to 1. */
  share: number;
  /** The same in numbers, such as `300/500`. */
  count?: string | undefined;
}

/**
 * Shows on standard error how far something is: at a terminal in one line that changes, elsewhere as a line for each step
 * of a tenth and each change of `what`, so that a log stays short.
 */
export function progressBar(output: NodeJS.WriteStream = process.stderr) {
  let shown = '';
  let step = '';
  return {
    show(done: Done): void {
      const line = lineOf(done);
      const now = `${done.what} ${Math.floor(done.share * 10)}`;
      if (output.isTTY ? line !== shown : now !== step) output.write(output.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
      [shown, step] = [line, now];
    },
    /** Ends the line. */
    end(): void {
      if (output.isTTY && shown) output.write('\n');
    },
  };
}

function lineOf({ what, share, count }: Done): string {
  const full = Math.floor(Math.min(1, Math.max(0, share)) * WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${what}${count ? ` ${count}` : ''}`;
}

/** How far a job is, by the progress that its code reports. */
export function jobDone({
  status,
  progress,
}: {
  status: string;
  progress?: { done: number; total: number } | undefined;
}): Done {
  const share = status === 'SUCCEEDED' ? 1 : progress ? progress.done / Math.max(1, progress.total) : 0;
  return { what: status, share, count: progress && `${progress.done}/${progress.total}` };
}
