import { Unblocked, UnblockRequest } from '@spillway/shared/contracts/blocked-key.ts';
import * as z from 'zod';
import type { DescribeOperation } from '../../resources/operation-description.ts';

const { $schema: _, ...request } = z.toJSONSchema(UnblockRequest, { target: 'draft-2020-12', io: 'input' });
const { $schema: __, ...unblocked } = z.toJSONSchema(Unblocked, { target: 'draft-2020-12' });

export const operation: DescribeOperation = () => ({
  summary:
    'Lets a blocked order key go on: release runs the failed job again before the later ones, and skip leaves it FAILED.',
  body: {
    schema: request,
    example: { tenant: '7f3c2a', type: 'ledger-posting', key: 'account-1', action: 'release' },
  },
  answers: { 200: { description: 'The later jobs run within this many seconds.', schema: unblocked } },
  problems: ['notJson', 'badBody', 'notBlocked', 'notHeld'],
});
