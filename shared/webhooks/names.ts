/** The table of the tenants' webhooks on a stage. */
export const webhooksTableOf = (stage: string): string => `spillway-${stage}-webhooks`;

/** What the names of all secrets of webhooks on a stage begin with. The rest of each is random. */
export const webhookSecretsPrefix = (stage: string): string => `spillway-${stage}/webhooks/`;
