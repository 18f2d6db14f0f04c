import { confirm } from '../confirm.ts';
import { progressBar } from '../progress-bar.ts';
import { type Amount, type RefusedPlace, resend } from './resend.ts';

/** What the person at the terminal decides. */
export interface Choice {
  dryRun?: true;
  yes?: true;
}

/**
 * Counts what was refused, asks, and sends it again with a progress bar.
 *
 * @param what the plural of what is sent
 */
export async function askAndResend<Entry>(
  what: string,
  places: readonly RefusedPlace<Entry>[],
  { dryRun, yes }: Choice,
): Promise<void> {
  const found = await total(places, (place) => resend(place, { dryRun: true }));
  console.log(`${found.entries} ${what} in ${found.objects} objects were refused.${unreadable(found)}`);
  if (dryRun || found.objects === 0) return;
  if (!yes) await confirm('Send them again? [y/N] ', /^y(es)?$/i, 'Nothing was sent.', '--yes');
  const bar = progressBar();
  const sent = await total(places, (place) =>
    resend(place, {
      dryRun: false,
      seen: ({ objects }) => bar.show({ what: 'SENDING', share: objects / found.objects, count: `${objects}` }),
    }),
  ).finally(() => bar.end());
  console.log(`${sent.entries} ${what} were sent again.`);
  for (const { bucket, unreadable } of sent.unreadable > 0 ? places : []) {
    console.error(`Lines that could not be read are in s3://${bucket}/${unreadable}`);
  }
}

const unreadable = (amount: Amount) =>
  amount.unreadable > 0 ? ` ${amount.unreadable} more lines cannot be read, and would be put aside.` : '';

async function total<Place>(places: readonly Place[], of: (place: Place) => Promise<Amount>): Promise<Amount> {
  const sum: Amount = { objects: 0, entries: 0, unreadable: 0 };
  for (const place of places) {
    const amount = await of(place);
    for (const name of ['objects', 'entries', 'unreadable'] as const) sum[name] += amount[name];
  }
  return sum;
}
