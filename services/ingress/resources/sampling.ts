import type { Stack } from '@spillway/shared/packaging/cloudformation.ts';

/**
 * Which requests X-Ray traces. Without a rule of our own it would trace the first request of each second and a twentieth of
 * the rest, which on a quiet stage is every request, and cost more than everything else together. The functions and
 * workflows behind the API follow its decision.
 */
export const sampling: Stack = {
  Resources: {
    Sampling: {
      Type: 'AWS::XRay::SamplingRule',
      Properties: {
        SamplingRule: {
          Version: 1,
          RuleName: 'spillway-${sls:stage}',
          // any lower number than that of the default rule, which is 10000
          Priority: 1000,
          ReservoirSize: 0,
          FixedRate: '${param:tracedShare}',
          ServiceType: 'AWS::ApiGateway::Stage',
          // X-Ray's name of a stage
          ServiceName: 'spillway-${sls:stage}/${sls:stage}',
          ResourceARN: '*',
          Host: '*',
          HTTPMethod: '*',
          URLPath: '*',
        },
      },
    },
  },
};
