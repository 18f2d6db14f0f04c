import { S3Client } from '@aws-sdk/client-s3';

/** The part of a request of the SDK that is used here. */
interface Request {
  method: string;
  path: string;
  query: Record<string, string>;
  body?: unknown;
}

/** A real client of S3 whose requests reach a bucket in memory. The bucket's name is the first part of a path. */
export function memoryBucket(objects: Map<string, string>): S3Client {
  const answer = (statusCode: number, text = '') => ({
    response: { statusCode, headers: {}, body: new Blob([text]).stream() },
  });
  const requestHandler = {
    async handle({ method, path, query, body }: Request) {
      const key = decodeURIComponent(path.split('/').slice(2).join('/'));
      if (method === 'GET' && query['list-type']) {
        const keys = [...objects.keys()].filter((each) => each.startsWith(query.prefix ?? ''));
        const contents = keys.map((each) => `<Contents><Key>${each}</Key></Contents>`).join('');
        return answer(200, `<ListBucketResult>${contents}</ListBucketResult>`);
      }
      if (method === 'GET') {
        const text = objects.get(key);
        return text === undefined ? answer(404, '<Error><Code>NoSuchKey</Code></Error>') : answer(200, text);
      }
      if (method === 'DELETE') objects.delete(key);
      else objects.set(key, String(body));
      return answer(200);
    },
  };
  return new S3Client({
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: requestHandler as never,
  });
}
