import { UNCLAIMED_DAYS, UPLOAD_SECONDS, UploadCreated, UploadRequest } from '@spillway/shared/contracts/upload.ts';
import * as z from 'zod';
import type { DescribeOperation } from '../../resources/operation-description.ts';

const schemaOf = (schema: z.core.$ZodType) => {
  const { $schema, ...fragment } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return fragment;
};

export const operation: DescribeOperation = () => ({
  summary: `Begins an upload: POST the fields and, as the last one, the file to the url within ${UPLOAD_SECONDS / 60} minutes, and submit the pointer within ${UNCLAIMED_DAYS} days.`,
  body: { schema: schemaOf(UploadRequest), example: { bytes: 200_000_000, contentType: 'text/csv' } },
  answers: {
    201: { description: 'The form for the upload, and the pointer to submit.', schema: schemaOf(UploadCreated) },
  },
  problems: ['notJson', 'uploadRefused', 'unsupportedMediaType'],
});
