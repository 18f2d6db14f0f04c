import { type Resource, ref } from '@spillway/shared/packaging/cloudformation.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { API } from './methods.ts';

export const ROOT = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

/** A path segment. */
export const pathPart = (parent: unknown, part: string): Resource => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { RestApiId: API, ParentId: parent, PathPart: part },
});

/** A resource for each of the paths and for each path above them. */
export function pathResources(paths: Iterable<string>): Record<string, Resource>[] {
  const all = new Set([...paths].flatMap(withParents));
  return [...all].map((path) => {
    const cut = path.lastIndexOf('/');
    const parent = cut === 0 ? ROOT : ref(resourceIdOf(path.slice(0, cut)));
    return { [resourceIdOf(path)]: pathPart(parent, path.slice(cut + 1)) };
  });
}

/** `/jobs/csv-import` → `/jobs`, `/jobs/csv-import`. */
function withParents(path: string): string[] {
  const segments = path.split('/').slice(1);
  return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
}

/** `/jobs/csv-import/{jobId}/history` → `CsvImportJobHistoryResource`; `/admin/failures` → `AdminFailuresResource`. */
export function resourceIdOf(path: string): string {
  const segments = path
    .replace(/^\/jobs(?=\/)/, '')
    .split('/')
    .slice(1);
  const words = segments.map((segment) => pascalCase(segment.replace(/^\{(\w+?)(Id)?\}$/, '$1')));
  return `${words.join('')}Resource`;
}
