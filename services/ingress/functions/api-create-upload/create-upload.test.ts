import { createHmac } from 'node:crypto';
import { createUpload } from './create-upload.ts';
import { presignedForm } from './presigned-form.ts';

const NOW = new Date('2026-11-27T01:30:20.123Z');
const place = {
  bucket: 'uploads',
  region: 'eu-west-1',
  url: 'https://uploads.s3.eu-west-1.amazonaws.com',
  signer: { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'session' },
};
const create = (body: unknown, tenant = 'tenant-1') =>
  createUpload({ tenant, body: typeof body === 'string' ? body : JSON.stringify(body) }, place, NOW);
const policyOf = (fields: Record<string, string>) => JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString());

describe('an upload', () => {
  it('is signed for the tenant’s own key, the announced type and at most the announced length', () => {
    const { upload, url, fields, expiresAt } = create({ bytes: 1000, contentType: 'text/csv' });
    expect([upload, url, expiresAt]).toEqual([
      expect.stringMatching(/^upload-[0-9a-f]{32}$/),
      place.url,
      '2026-11-27T01:45:20.123Z',
    ]);
    expect(fields).toMatchObject({ key: `tenant-1/${upload}`, 'Content-Type': 'text/csv' });
    const { expiration, conditions } = policyOf(fields);
    expect(expiration).toBe(expiresAt);
    expect(conditions).toContainEqual(['content-length-range', 1, 1000]);
    // S3 refuses a form with a field that no condition names
    const { policy, 'x-amz-signature': signature, ...others } = fields;
    for (const [name, value] of Object.entries(others)) expect(conditions).toContainEqual({ [name]: value });
    expect(conditions).toContainEqual({ bucket: 'uploads' });
  });

  it('starts unclaimed, so that it expires if no job opens it', () => {
    expect(create({ bytes: 1, contentType: 'text/csv' }).fields.tagging).toContain('<Value>none</Value>');
  });

  it('gets another pointer each time, which does not show the tenant', () => {
    const [one, other] = [create({ bytes: 1, contentType: 'a/b' }), create({ bytes: 1, contentType: 'a/b' })];
    expect(one.upload).not.toBe(other.upload);
    expect(one.upload).not.toContain('tenant');
  });

  it('is signed as AWS describes, with the key of the day, region and service', () => {
    const fields = presignedForm(place, { now: NOW, expiresAt: NOW, mostBytes: 1, fields: { key: 'k' } });
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = hmac(hmac(hmac(hmac('AWS4secret', '20261127'), 'eu-west-1'), 's3'), 'aws4_request');
    expect(fields).toMatchObject({
      'x-amz-credential': 'AKIA/20261127/eu-west-1/s3/aws4_request',
      'x-amz-date': '20261127T013020Z',
      'x-amz-security-token': 'session',
      'x-amz-signature': hmac(key, fields.policy ?? '').toString('hex'),
    });
  });

  it.each([
    ['without a length', { contentType: 'text/csv' }, /bytes: /],
    ['of 0 bytes', { bytes: 0, contentType: 'text/csv' }, /bytes: /],
    ['of more than 5 GiB', { bytes: 5 * 1024 ** 3 + 1, contentType: 'text/csv' }, /bytes: /],
    ['without a content type', { bytes: 1 }, /contentType: /],
    ['of an invalid content type', { bytes: 1, contentType: 'csv' }, /contentType: /],
    ['with another field', { bytes: 1, contentType: 'a/b', key: 'x' }, /key/],
  ])('is refused %s, and the problem names the field', (_, body, detail) => {
    expect(() => create(body)).toThrow(detail);
  });

  it('is refused if the body is not JSON', () => {
    expect(() => create('{')).toThrow('not JSON');
  });
});
