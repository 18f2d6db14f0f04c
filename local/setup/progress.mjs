/** How often the lines on a terminal are redrawn, and how often a new line is written elsewhere. */
const REDRAW_EVERY_MS = 200;
const LOG_EVERY_MS = 15_000;

/**
 * @typedef {object} Step
 * @property {string} name what it does, such as `Installing the npm packages`
 * @property {string} [detail] how far it is
 * @property {number} [endedAt]
 * @property {boolean} [failed]
 */

/**
 * Shows the progress of steps that run at the same time. On a terminal each step has a line that is redrawn. Elsewhere it
 * writes a line when a step starts, when it ends, and now and then in between.
 *
 * @param {readonly Step[]} steps their `detail` may change until they end
 * @returns {{ end(step: Step, failed?: boolean): void, stop(): void }}
 */
export function showProgress(steps, stream = process.stderr) {
  const startedAt = Date.now();
  const seconds = (until = Date.now()) => `${Math.round((until - startedAt) / 1000)} s`;
  const describe = (step) => [step.detail, seconds(step.endedAt)].filter(Boolean).join(', ');
  const markOf = (step) => (step.endedAt === undefined ? '…' : step.failed ? '✘' : '✔');
  const logLine = (step, text = '') => stream.write(`${step.name} ${markOf(step)}${text}\n`);
  let drawn = false;

  function draw() {
    if (drawn) stream.write(`\u001b[${steps.length}A`);
    for (const step of steps) {
      const line = `${markOf(step)} ${step.name} (${describe(step)})`;
      stream.write(`\u001b[2K${line.slice(0, stream.columns)}\n`);
    }
    drawn = true;
  }

  function logRunning() {
    for (const step of steps) if (step.endedAt === undefined) logLine(step, ` ${describe(step)}`);
  }

  if (stream.isTTY) draw();
  else for (const step of steps) logLine(step);
  const timer = setInterval(stream.isTTY ? draw : logRunning, stream.isTTY ? REDRAW_EVERY_MS : LOG_EVERY_MS);

  return {
    end(step, failed = false) {
      Object.assign(step, { detail: undefined, endedAt: Date.now(), failed });
      if (!stream.isTTY && !failed) logLine(step, ` ${seconds(step.endedAt)}`);
    },
    stop() {
      clearInterval(timer);
      if (stream.isTTY) draw();
    },
  };
}
