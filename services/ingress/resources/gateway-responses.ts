import { type ProblemDefinition, problemDocument } from '@spillway/shared/contracts/problem-document.ts';
import type { Resource } from '@spillway/shared/packaging/cloudformation.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { PROBLEMS } from '../problems.ts';
import { API } from './methods.ts';

/** The gateway's own refusals, as problem documents. They can contain variables, but no template language. */
export const gatewayResponses = (): Record<string, Resource> => {
  const rows: ProblemDefinition[] = Object.values(PROBLEMS);
  return Object.fromEntries(
    rows.flatMap((problem) =>
      (problem.gateway ?? []).map((kind) => [
        `${pascalCase(kind.toLowerCase().replaceAll('_', '-'))}Problem`,
        gatewayResponse(kind, problem),
      ]),
    ),
  );
};

const gatewayResponse = (kind: string, problem: ProblemDefinition): Resource => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: {
    RestApiId: API,
    ResponseType: kind,
    ...(problem.status && { StatusCode: String(problem.status) }),
    ResponseParameters: Object.fromEntries(
      Object.entries({ 'Content-Type': 'application/problem+json', ...problem.headers }).map(([name, value]) => [
        `gatewayresponse.header.${name}`,
        `'${value}'`,
      ]),
    ),
    ResponseTemplates: { 'application/json': problemDocument(problem, '$context.requestId') },
  },
});
