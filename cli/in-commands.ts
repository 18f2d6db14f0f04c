/** What the front door says to those who call it by HTTP, or AWS to programs, and what it means for a person at a terminal. */
const INSTEAD: readonly (readonly [said: RegExp, instead: string])[] = [
  [
    /^Could not load credentials from any providers$/,
    'There are no AWS credentials: set them in the environment, such as AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ],
  [
    /poll the Location you were given/,
    'if you have just submitted it, add --accepted-at with the acceptedAt that submit printed',
  ],
  [/GET \/schedules lists them all\./, 'To list them: npm run spillway -- schedule list'],
  [/GET \/webhooks lists them all\./, 'To list them: npm run spillway -- webhooks list'],
  [/GET \/admin\/failures lists all\./, 'To list them: npm run spillway -- failures'],
  [/GET \/admin\/blocked-keys lists all\./, 'To list them: npm run spillway -- blocked-keys'],
  [
    /with POST \/admin\/replays, as job (\S+) of type (\S+) and tenant (\S+)\.$/,
    'with: npm run spillway -- replay --job $3/$2/$1',
  ],
  [
    /^(.*)There is no such path or method\. GET \/openapi\.json lists them all\./,
    '$1This stage does not know this job type or command yet: deploy it (on the local engine: npm run spillway -- up).',
  ],
  [/ GET \/openapi\.json (lists them all|gives the limit of each|describes the API)\./, ''],
  [
    /Send a valid access token in the header Authorization, .*/,
    'The access token is not valid. Check the client id and the client secret, or replace them: npm run spillway -- tenant rotate <name>',
  ],
  [
    /Send a valid API key in the header x-api-key\./,
    'The API key is not valid. Check it, or replace it: npm run spillway -- tenant rotate <name>',
  ],
  [
    /Access is denied\. Send an access token .*|This route is for administrators: sign the request .*/,
    'Access is denied. Commands for operators need AWS credentials that may call the routes below /admin (docs/failures.md).',
  ],
  [/a PUT with its id is safe to repeat after the seconds in Retry-After/, 'repeating it with the same --id is safe'],
  [/[Ss]end (it|the request) again after the seconds in Retry-After/, 'try again in some seconds'],
  [/with overlapHours 0/, 'with rotate --overlap-hours 0'],
];

/** A message of the front door in terms of the command line. Any other message stays as it is. */
export const inCommands = (message: string): string =>
  INSTEAD.reduce((text, [said, instead]) => text.replace(said, instead), message);
