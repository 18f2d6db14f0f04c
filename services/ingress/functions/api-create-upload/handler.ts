import { environment } from '@spillway/shared/runtime/environment.ts';
import { s3Requests } from '@spillway/shared/runtime/s3-requests.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { Answer, answer, checkContentType, headerOf, tenantOf } from '../../light-function.ts';
import { createUpload } from './create-upload.ts';

const { UPLOAD_BUCKET } = environment({ UPLOAD_BUCKET: z.string() });
const { bucket, region, url } = s3Requests(UPLOAD_BUCKET);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    checkContentType(headerOf(event, 'content-type'));
    // Lambda replaces them in a warm function's environment
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
    const signer = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const place = { bucket, region, url, signer };
    return new Answer(201, createUpload({ tenant: tenantOf(event), body: event.body ?? '' }, place, new Date()));
  });
