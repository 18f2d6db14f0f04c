import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import * as z from 'zod/mini';
import { ledgerTable } from './ledger-table.ts';
import { post } from './run.ts';

const { LEDGER_TABLE } = environment({ LEDGER_TABLE: z.string() });

export const handler = consumer(ledgerPosting, post(ledgerTable(dynamo(), LEDGER_TABLE)));
