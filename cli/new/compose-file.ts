import { type Document, isCollection, isMap, parseDocument, type YAMLMap } from 'yaml';

/** The service that sends jobs to the lanes. It is deployed after every service that owns a lane. */
const FRONT_DOOR = 'ingress';
/** The service that owns the places where jobs are kept. It is deployed first. */
const PLATFORM = 'processing';

/** Adds a service to serverless-compose.yml, before the front door. */
export function withService(text: string, name: string): string {
  const document = parseDocument(text);
  const services = servicesOf(document);
  const entry = document.createPair(name, { path: `services/${name}`, dependsOn: PLATFORM });
  const at = services.items.findIndex(({ key }) => String(key) === FRONT_DOOR);
  services.items.splice(at < 0 ? services.items.length : at, 0, entry);
  return written(document);
}

/** Makes the front door in serverless-compose.yml deploy after a service that owns a lane. */
export function withLaneOf(text: string, service: string): string {
  const document = parseDocument(text);
  const path = ['services', FRONT_DOOR, 'dependsOn'];
  const node = document.getIn(path);
  const before: string[] = [isCollection(node) ? node.toJSON() : node].flat();
  if (service === FRONT_DOOR || before.includes(service)) return text;
  document.setIn(path, document.createNode([...before, service], { flow: true }));
  return written(document);
}

/** Writes lists as people do: [processing, billing]. */
const written = (document: Document) => document.toString({ flowCollectionPadding: false });

function servicesOf(document: Document): YAMLMap {
  const services = document.get('services');
  if (!isMap(services)) throw new Error('serverless-compose.yml has no map of services.');
  return services;
}
