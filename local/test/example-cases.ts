import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, stage, type Tenant } from './deployed.ts';

/** A failure of a job that the example subscriber of the bus has got (services/example-subscriber). */
interface ExampleCase {
  /** `<type>/<jobId>`. */
  subject: string;
  tenant: string;
  /** How often it has come. */
  deliveries: number;
}

/** The cases of a job or of a tenant. */
async function casesBy(field: 'subject' | 'tenant', value: string): Promise<ExampleCase[]> {
  const { Items = [] } = await dynamo.send(
    new ScanCommand({
      TableName: `spillway-${stage.name}-example-cases`,
      FilterExpression: '#field = :value',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
  return Items as ExampleCase[];
}

/** How often each of the failures of a csv-import job came over the bus. */
export const deliveriesOf = async (jobId: string): Promise<number[]> =>
  (await casesBy('subject', `csv-import/${jobId}`)).map(({ deliveries }) => deliveries);

/** The ids of the csv-import jobs of a tenant whose failures came over the bus. */
export const failuresOnBus = async ({ clientId }: Tenant): Promise<string[]> =>
  (await casesBy('tenant', clientId)).map(({ subject }) => subject.replace('csv-import/', ''));
