/** The resource server of the user pool; every scope starts with its name. */
export const SCOPE_SERVER = 'jobs';

/** The permissions that a caller's token may have. */
export const SCOPES = {
  'jobs/submit': {
    description: "Submit jobs, and change or cancel one's own",
    purpose: 'submit, change or cancel',
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  'jobs/decide': { description: 'Decide about jobs that wait for a person', purpose: 'decide', methods: ['POST'] },
  'jobs/read': { description: "Read one's own jobs", purpose: 'read', methods: ['GET', 'HEAD'] },
} as const satisfies Record<`${typeof SCOPE_SERVER}/${string}`, ScopeDefinition>;

interface ScopeDefinition {
  /** For the user pool and the API description. */
  description: string;
  /** The verb in "to submit", for the answer to a caller without the scope. */
  purpose: string;
  /** The HTTP methods that need it. */
  methods: readonly string[];
}

export type Scope = keyof typeof SCOPES;

/** Every scope, as app clients and token requests list them. */
export const ALL_SCOPES = Object.keys(SCOPES) as Scope[];
