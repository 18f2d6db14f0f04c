import { Argument, type Command } from 'commander';
import { parseFile } from '../files.ts';
import { stageOption, tenantOption } from '../options.ts';
import { progressBar } from '../progress-bar.ts';
import { openFrontDoor } from '../session.ts';
import { openUpload, uploadDone } from '../upload-file.ts';

export function addUpload(program: Command): void {
  program
    .command('upload')
    .description(
      'Upload a file and print its pointer, which goes into a field of an input, such as "file" of csv-import',
    )
    .addArgument(new Argument('<file>', 'the file, of at most 5 GiB').argParser(parseFile))
    .option('--json', 'print the pointer as a line of JSON')
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (path: string, { json, ...options }) => {
      const file = await openUpload(path);
      const { client } = await openFrontDoor(options);
      const bar = progressBar();
      const upload = await client
        .upload(file, { onProgress: (progress) => bar.show(uploadDone(progress)) })
        .finally(bar.end);
      console.log(json ? JSON.stringify({ upload, bytes: file.size, contentType: file.type }) : upload);
    });
}
