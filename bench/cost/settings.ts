import { ofType, type Resource, type Templates } from './templates.ts';

/** What decides about the price, read from the compiled templates. */
export interface Settings {
  /** Whether and how API Gateway decides which requests are traced. */
  sampling: SamplingRule;
  /** The bytes of a line of the API's access log, for a path. */
  accessLogBytes(path: string): number;
  /** Whether every event is also put into the inspection queue. */
  inspects: boolean;
  /** The readers of the table's stream. */
  readers: Reader[];
  /** How often Firehose writes an object. */
  lakeIntervalSeconds: number;
  /** @param name without the stage: `processing-csv-import` */
  functionOf(name: string): FunctionSettings;
}

export interface FunctionSettings {
  memoryMb: number;
  /** Whether it starts a trace, or joins that of its message, by itself. */
  traces: boolean;
  /** Whether Lambda writes the lines START, END and REPORT. */
  platformLines: boolean;
}

export interface Reader extends FunctionSettings {
  /** Without the stage. */
  name: string;
  batchSize: number;
  windowSeconds: number;
  batchesPerShard: number;
}

/** X-Ray records so many requests of each second, and a share of the rest. */
export interface SamplingRule {
  perSecond: number;
  share: number;
}

/** X-Ray's rule where no other applies: the first request of each second, and a twentieth of the rest. */
export const DEFAULT_RULE: SamplingRule = { perSecond: 1, share: 0.05 };
const NO_TRACES: SamplingRule = { perSecond: 0, share: 0 };

export function readSettings(templates: Templates): Settings {
  const [, stage] = ofType(templates, 'AWS::ApiGateway::Stage')[0] ?? [];
  const rule = ofType(templates, 'AWS::XRay::SamplingRule')[0]?.[1].Properties.SamplingRule;
  const ownRule = rule && { perSecond: rule.ReservoirSize, share: rule.FixedRate };
  const [, lake] = ofType(templates, 'AWS::KinesisFirehose::DeliveryStream')[0] ?? [];
  return {
    sampling: stage?.Properties.TracingEnabled ? (ownRule ?? DEFAULT_RULE) : NO_TRACES,
    accessLogBytes: (path) => Buffer.byteLength(accessLogLine(stage?.Properties.AccessLogSetting?.Format ?? '', path)),
    inspects: ofType(templates, 'AWS::Events::Rule').some(([id]) => id === 'CatchAll'),
    readers: Object.entries(templates).flatMap(([service, resources]) => readersIn(service, resources)),
    lakeIntervalSeconds: lake?.Properties.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds,
    functionOf: (name) => functionSettings(functionNamed(templates, name)),
  };
}

const withoutStage = (name: string) => name.replace('-solo-', '-');

function functionNamed(templates: Templates, name: string): Resource {
  const found = ofType(templates, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => withoutStage(Properties.FunctionName) === name,
  );
  if (!found) throw new Error(`No template has the function ${name}.`);
  return found[1];
}

const functionSettings = ({ Properties }: Resource): FunctionSettings => ({
  memoryMb: Properties.MemorySize,
  traces: Properties.TracingConfig?.Mode === 'Active',
  platformLines: (Properties.LoggingConfig?.SystemLogLevel ?? 'INFO') !== 'WARN',
});

function readersIn(service: string, resources: Record<string, Resource>): Reader[] {
  return Object.values(resources)
    .filter(({ Type, Properties }) => Type === 'AWS::Lambda::EventSourceMapping' && 'StartingPosition' in Properties)
    .map(({ Properties: mapping }) => {
      const reader = resources[mapping.FunctionName['Fn::GetAtt'][0]];
      if (!reader) throw new Error(`${service} has an event source without a function.`);
      return {
        ...functionSettings(reader),
        name: withoutStage(reader.Properties.FunctionName),
        batchSize: mapping.BatchSize,
        windowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
        batchesPerShard: mapping.ParallelizationFactor ?? 1,
      };
    });
}

/** A usual value of each variable of the access log. */
const USUAL: Record<string, string> = {
  requestId: '3f0c9d5b-e2a1-4c7f-8d6e-0b1a9c2d4e5f',
  extendedRequestId: 'Q1XyZEVsoAMEJfw=',
  'authorizer.claims.sub': '4q8h7v1c2k9m3n5p6r0s2t4u6w',
  'identity.apiKeyId': 'a1b2c3d4e5',
  httpMethod: 'POST',
  status: '202',
  responseLatency: '24',
  'integration.status': '200',
  'integration.integrationLatency': '18',
  'integration.latency': '18',
  xrayTraceId: '1-65f1a2b3-9c8d7e6f5a4b3c2d1e0f9a8b',
};

/** A line of the access log, filled in. A variable without a value is a dash. */
export const accessLogLine = (format: string, path: string): string =>
  format.replace(/\$context\.([\w.]+)/g, (_, name: string) => (name === 'resourcePath' ? path : (USUAL[name] ?? '-')));
