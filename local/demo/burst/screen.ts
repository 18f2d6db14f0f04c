import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import { isIdle, laneView, type Moment } from './lane-view.ts';

/** How often a line is written where lines cannot be redrawn. */
const LOG_EVERY_SECONDS = 5;
/** The same while nothing moves. */
const LOG_IDLE_EVERY_SECONDS = 30;

/** Shows a burst while it runs: with bars that are redrawn on a terminal, elsewhere with a plain line now and then. */
export function burstScreen(stream: WriteStream) {
  const view = laneView();
  if (stream.isTTY) {
    const update = createLogUpdate(stream);
    return { show: (moment: Moment) => update(view.draw(moment)), end: () => update.done() };
  }
  let lastLine = 0;
  let last: Moment | undefined;
  const log = (moment: Moment) => stream.write(`${view.describe(moment)}\n`);
  return {
    show(moment: Moment) {
      last = moment;
      const every = isIdle(moment) ? LOG_IDLE_EVERY_SECONDS : LOG_EVERY_SECONDS;
      if (moment.seconds - lastLine < every) return;
      lastLine = moment.seconds;
      log(moment);
    },
    end: () => last && log(last),
  };
}
