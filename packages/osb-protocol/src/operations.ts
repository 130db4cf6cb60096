/** One of the ten calls that a platform makes to a broker. */
export type OperationName =
  | 'catalog'
  | 'provision'
  | 'fetchInstance'
  | 'update'
  | 'deprovision'
  | 'lastInstanceOperation'
  | 'bind'
  | 'fetchBinding'
  | 'unbind'
  | 'lastBindingOperation'

export type HttpMethod = 'GET' | 'PUT' | 'PATCH' | 'DELETE'

/** What the operation is about; orphan mitigation and stores tell the two apart by it. */
export type OperationTarget = 'catalog' | 'instance' | 'binding'

/** Query parameter names that the protocol knows. */
export type QueryName = 'accepts_incomplete' | 'service_id' | 'plan_id' | 'operation'

/** One row of the route table: everything that a server needs to recognise a call and a client to write it. */
export interface Route {
  readonly method: HttpMethod
  /** Path template; `:instance_id` and `:binding_id` stand for one percent-encoded segment each. */
  readonly path: string
  readonly target: OperationTarget
  /** Whether the request has a JSON body. */
  readonly hasBody: boolean
  /** Query parameters by name: whether the protocol requires them. */
  readonly query: Readonly<Partial<Record<QueryName, 'required' | 'optional'>>>
}

const instancePath = '/v2/service_instances/:instance_id'
const bindingPath = `${instancePath}/service_bindings/:binding_id`

const incomplete = { accepts_incomplete: 'optional' } as const
const hints = { service_id: 'optional', plan_id: 'optional' } as const
const polled = { ...hints, operation: 'optional' } as const
const deleted = { service_id: 'required', plan_id: 'required', ...incomplete } as const

/**
 * The route table of the protocol, the only place where a path, method or query name is written.
 * @see spec.md, the "Route" and "Parameters" parts of each operation
 */
export const routes = {
  catalog: { method: 'GET', path: '/v2/catalog', target: 'catalog', hasBody: false, query: {} },
  provision: { method: 'PUT', path: instancePath, target: 'instance', hasBody: true, query: incomplete },
  fetchInstance: { method: 'GET', path: instancePath, target: 'instance', hasBody: false, query: hints },
  update: { method: 'PATCH', path: instancePath, target: 'instance', hasBody: true, query: incomplete },
  deprovision: { method: 'DELETE', path: instancePath, target: 'instance', hasBody: false, query: deleted },
  lastInstanceOperation: {
    method: 'GET',
    path: `${instancePath}/last_operation`,
    target: 'instance',
    hasBody: false,
    query: polled,
  },
  bind: { method: 'PUT', path: bindingPath, target: 'binding', hasBody: true, query: incomplete },
  fetchBinding: { method: 'GET', path: bindingPath, target: 'binding', hasBody: false, query: hints },
  unbind: { method: 'DELETE', path: bindingPath, target: 'binding', hasBody: false, query: deleted },
  lastBindingOperation: {
    method: 'GET',
    path: `${bindingPath}/last_operation`,
    target: 'binding',
    hasBody: false,
    query: polled,
  },
} as const satisfies Record<OperationName, Route>

/** All operation names, in the order of the specification. */
export const operationNames = Object.keys(routes) as readonly OperationName[]

/** Ids taken from, or put into, a path; decoded. */
export interface PathIds {
  readonly instance_id?: string
  readonly binding_id?: string
}
