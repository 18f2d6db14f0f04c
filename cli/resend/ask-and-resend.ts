import { confirm } from '../confirm.ts';
import { CliError } from '../errors.ts';
import { progressBar } from '../progress-bar.ts';
import { type Amount, count, type RefusedAgain, type RefusedPlace, resend } from './resend.ts';

/** What the person at the terminal decides. */
export interface Choice {
  dryRun?: true;
  yes?: true;
}

/**
 * Counts what did not arrive, asks, and sends it again with a progress bar. A destination that refuses again does not keep the
 * others from theirs.
 *
 * @param what the plural of what is sent
 * @throws CliError `REFUSED_AGAIN` at the end, if something was
 */
export async function askAndResend<Entry>(
  what: string,
  places: readonly RefusedPlace<Entry>[],
  { dryRun, yes }: Choice,
): Promise<void> {
  const found: Amount = { objects: 0, entries: 0, unreadable: 0 };
  for (const place of places) sum(found, await count(place));
  console.log(`${found.entries} ${what} in ${found.objects} objects did not arrive.${unreadable(found)}`);
  if (dryRun || found.objects === 0) return;
  if (!yes) await confirm('Send them again? [y/N] ', /^y(es)?$/i, 'Nothing was sent.', '--yes');
  const bar = progressBar();
  const sent: Amount = { objects: 0, entries: 0, unreadable: 0 };
  const again: string[] = [];
  let seen = 0;
  const show = () => {
    seen += 1;
    bar.show({ what: 'SENDING', share: seen / found.objects, count: `${seen}` });
  };
  try {
    for (const place of places) {
      const done = await resend(place, show);
      sum(sent, done);
      if (done.again.entries > 0) again.push(refusedAgain(what, place, done.again));
      if (done.unreadable > 0) {
        console.error(
          `What could not be read, or was refused for good, is in s3://${place.bucket}/${place.unreadable}`,
        );
      }
    }
  } finally {
    bar.end();
  }
  console.log(`${sent.entries} ${what} were sent again.`);
  if (again.length === 0) return;
  throw new CliError('REFUSED_AGAIN', `${again.join('\n')}\nRepeat the command when the cause is gone.`);
}

const refusedAgain = (
  what: string,
  { bucket, prefix, destination }: { bucket: string; prefix: string; destination: { name: string } },
  { entries, codes }: RefusedAgain,
) =>
  `Refused again by ${destination.name}: ${entries} ${what} (${[...codes].join(', ')}). They are still in s3://${bucket}/${prefix}.`;

const unreadable = (amount: Amount) =>
  amount.unreadable > 0 ? ` ${amount.unreadable} more cannot be read, and would be put aside.` : '';

function sum(total: Amount, amount: Amount): void {
  for (const name of ['objects', 'entries', 'unreadable'] as const) total[name] += amount[name];
}
