/** What to find in the logs. */
export interface LogSearch {
  region: string;
  groups: readonly string[];
  /** A query of CloudWatch Logs Insights. */
  query: string;
  from: Date;
  to: Date;
}

/** The domain of the AWS console by the start of a region's name: China and GovCloud have their own. */
const CONSOLES = [
  { region: 'cn-', domain: 'console.amazonaws.cn' },
  { region: 'us-gov-', domain: 'console.amazonaws-us-gov.com' },
  { region: '', domain: 'console.aws.amazon.com' },
];

/**
 * A link to a query of CloudWatch Logs Insights in the AWS console. The console's format is not documented: an object of
 * texts is written with `~` and `'`, percent signs within texts become `*`, and the whole is encoded once more with `$`
 * (https://stackoverflow.com/questions/60796991).
 */
export function logLink({ region, groups, query, from, to }: LogSearch): string {
  const text = (value: string) =>
    `~'${encodeURIComponent(value)
      .replace(/[!'()*~]/g, hex)
      .replaceAll('%', '*')}`;
  const detail = [
    `end${text(to.toISOString())}`,
    `start${text(from.toISOString())}`,
    `timeType${text('ABSOLUTE')}`,
    `tz${text('UTC')}`,
    `editorString${text(query)}`,
    `source~(${groups.map(text).join('')})`,
  ];
  const fragment = encodeURIComponent(`?queryDetail=${percentEncoded(`~(${detail.join('~')})`)}`).replaceAll('%', '$');
  const domain = CONSOLES.find((each) => region.startsWith(each.region))?.domain;
  return `https://${region}.${domain}/cloudwatch/home?region=${region}#logsV2:logs-insights${fragment}`;
}

/** Also `~`, `'`, `(` and `)`, which encodeURIComponent leaves as they are; but not `*`. */
const percentEncoded = (plain: string) => encodeURIComponent(plain).replace(/[~'()!]/g, hex);

const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
