import type { BulkJob } from '@spillway/client/index.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import bulkSubmit, { MOST_PER_SECOND } from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { UPLOAD } from '@spillway/shared/contracts/upload.ts';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../errors.ts';
import { parseFile } from '../files.ts';
import { callerOptions, parsePattern, parseWholeNumber, stageOption, tenantOption, typeArgument } from '../options.ts';
import { jobDone, progressBar } from '../progress-bar.ts';
import { openFrontDoor } from '../session.ts';
import { openUpload, uploadDone } from '../upload-file.ts';

export function addBulk(program: Command): void {
  program
    .command('bulk')
    .description(
      'Upload a file of jobs, submit each of its lines, and print how many were submitted and why others were refused',
    )
    .addArgument(typeArgument(({ name, retired }) => !retired && name !== bulkSubmit.name))
    .addArgument(
      new Argument(
        '[file]',
        'JSON Lines, each { "id"?, "input", "runAfter"?, "expiresAfter"? }; at most 5 GiB',
      ).argParser(parseFile),
    )
    .addOption(new Option('--rate <number>', 'how many lines a second at most; 1000 by default').argParser(parseRate))
    .addOption(
      new Option(
        '--upload <pointer>',
        'instead of a file, the pointer of an earlier upload: no line is submitted twice',
      ).argParser((text: string) => parsePattern(text, UPLOAD, 'It must be "upload-" and 32 hexadecimal digits.')),
    )
    .option('--json', 'print the bulk job as a line of JSON')
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name }: JobType, path: string | undefined, { rate, json, upload: pointer, ...options }) => {
      const file = await sourceOf(path, pointer);
      const { client } = await openFrontDoor(options);
      const upload = progressBar();
      const lines = progressBar();
      let jobId = '';
      const job = await client
        .jobsOf(name)
        .bulk(file, {
          ratePerSecond: rate,
          onUpload: (progress) => upload.show(uploadDone(progress)),
          onUploaded(uploaded) {
            upload.end();
            console.error(
              `Uploaded as ${uploaded}. To repeat this without submitting a line twice: npm run spillway -- bulk ${name} --upload ${uploaded}${callerOptions(options)}`,
            );
          },
          onJob(seen) {
            if (!jobId) console.error(`If you stop this command, the job bulk-submit ${seen.jobId} continues.`);
            jobId = seen.jobId;
            lines.show(jobDone(seen));
          },
        })
        .finally(lines.end);
      console.log(json ? JSON.stringify(job) : summaryOf(job));
      if (job.status !== 'SUCCEEDED' || job.result?.refused) process.exitCode = 1;
    });
}

/** @throws CliError unless there is either a file or the pointer of one */
async function sourceOf(path: string | undefined, pointer: string | undefined): Promise<Blob | string> {
  if ((path === undefined) === (pointer === undefined)) {
    throw new CliError('BAD_FILE', 'Name either a file or, with --upload, an earlier upload.', 2);
  }
  return pointer ?? openUpload(path as string);
}

function parseRate(text: string): number {
  const rate = parseWholeNumber(text);
  if (rate <= MOST_PER_SECOND) return rate;
  throw new InvalidArgumentError(`It must be at most ${MOST_PER_SECOND}.`);
}

/** @throws CliError if the file was not submitted, with the reason */
function summaryOf({ status, result, error }: BulkJob): string {
  if (!result)
    throw new CliError(
      'NOT_SUBMITTED',
      error ? `The file was not submitted: ${error.message}` : `The job is ${status}.`,
    );
  const { submitted, refused, report } = result;
  return [
    `Submitted: ${submitted}. Refused: ${refused}.`,
    ...(report ? [`Refused lines with reasons: ${report}`] : []),
  ].join('\n');
}
