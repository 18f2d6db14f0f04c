import { queueUrlOf } from './aws.ts';
import { s3Requests } from './s3-requests.ts';

const before = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_ENDPOINT_URL')) delete process.env[name];
});
afterEach(() => {
  process.env = { ...before };
});

it.each([
  ['eu-west-1', 'amazonaws.com'],
  ['us-gov-west-1', 'amazonaws.com'],
  ['cn-north-1', 'amazonaws.com.cn'],
  ['eusc-de-east-1', 'amazonaws.eu'],
  ['us-iso-east-1', 'c2s.ic.gov'],
  ['us-isob-east-1', 'sc2s.sgov.gov'],
])('queues and buckets in %s are at %s', (region, domain) => {
  process.env.AWS_REGION = region;
  expect(s3Requests('files').url).toBe(`https://files.s3.${region}.${domain}`);
  expect(queueUrlOf(`arn:aws:sqs:${region}:1:lane`)).toBe(`https://sqs.${region}.${domain}/1/lane`);
});
