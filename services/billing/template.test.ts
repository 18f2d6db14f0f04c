import { describeJobTypes } from '@spillway/shared/testing/job-types-template.ts';
import { ownRightsOf, packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('billing');

describeResources(template);
describeJobTypes(template, 'billing');

it('with deletionPolicy=Delete, everything that holds data is deleted with its stack', () => {
  const { Resources } = packageService('billing', { deletionPolicy: 'Delete' });
  for (const id of ['InvoiceRenderLane', 'InvoiceRenderDeadLetters']) {
    expect(Resources[id]).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  }
});

it('the consumer of invoice-render may also put documents under invoices/, and nowhere else', () => {
  const documents = ownRightsOf(template, 'invoice-render').filter((right) => right.includes('/invoices/'));
  expect(documents).toEqual([
    's3:PutObject {"Fn::Sub":"arn:${AWS::Partition}:s3:::spillway-solo-payloads-000000000000-eu-west-1/invoices/*"}',
  ]);
});
