import { AwsClient } from 'aws4fetch';

const engine = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', service: 's3', region: 'eu-west-1' });

/** The keys of a bucket on the engine that start with a prefix. */
export async function listKeys(endpoint: string, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let after = '';
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix, 'start-after': after });
    const text = await (await engine.fetch(`${endpoint}/${bucket}?${query}`)).text();
    const page = [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
    keys.push(...page);
    after = text.includes('<IsTruncated>true') ? (page.at(-1) ?? '') : '';
  } while (after);
  return keys;
}
