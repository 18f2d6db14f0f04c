import { logLink } from './log-link.ts';

const search = {
  region: 'eu-west-1',
  groups: ['/aws/lambda/one', '/aws/lambda/other'],
  query: "filter jobId = 'a (b)*'",
  from: new Date('2026-03-01T09:30:00Z'),
  to: new Date('2026-03-01T10:30:00Z'),
};

/** Reads a link as the console does. */
function decoded(link: string) {
  const fragment = link.slice(link.indexOf('#logsV2:logs-insights') + '#logsV2:logs-insights'.length);
  const [, detail = ''] = decodeURIComponent(fragment.replaceAll('$', '%')).split('?queryDetail=');
  const object = decodeURIComponent(detail);
  const texts = [...object.matchAll(/~'([^~)]*)/g)].map(([, text = '']) =>
    decodeURIComponent(text.replaceAll('*', '%')),
  );
  return { object, texts };
}

it('links to a query of the logs with its groups, its text and its time, whatever characters the text has', () => {
  const { object, texts } = decoded(logLink(search));
  expect(object).toMatch(/^~\(end~'.*~start~'.*~timeType~'ABSOLUTE~tz~'UTC~editorString~'.*~source~\(~'.*~'.*\)\)$/);
  expect(texts).toEqual([
    '2026-03-01T10:30:00.000Z',
    '2026-03-01T09:30:00.000Z',
    'ABSOLUTE',
    'UTC',
    search.query,
    ...search.groups,
  ]);
});

it.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#'],
])('links to the console of the region %s', (region, start) => {
  expect(logLink({ ...search, region }).startsWith(start)).toBe(true);
});
