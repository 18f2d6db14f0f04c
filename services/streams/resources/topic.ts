import { policyDocument, ref, type Stack, tlsOnly } from '@spillway/shared/packaging/cloudformation.ts';

/**
 * Job events for everyone who wants some of them: by e-mail, or in a queue or a function of their own. Subscriptions filter by
 * the attributes type, outcome, tenant and jobType.
 */
export const topic: Stack = {
  Resources: {
    EventTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: '${self:custom.topicName}',
        // events say who has jobs and why they failed. Publishers need no rights to AWS's own key, which has no monthly price
        KmsMasterKeyId: 'alias/aws/sns',
      },
    },
    EventTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('EventTopic')],
        PolicyDocument: policyDocument(tlsOnly('sns:Publish', ref('EventTopic'))),
      },
    },
  },
  Outputs: { EventTopicArn: { Value: ref('EventTopic') } },
};
