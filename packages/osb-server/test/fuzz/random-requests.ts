import fc from 'fast-check'
import { buildPath, headerNames, type OperationName, operationNames, routes } from 'osb-protocol'

/** A request in parts, before it becomes one of an adapter's forms. */
export interface RandomRequest {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  /** Text or bytes as they come over the wire, or what the host has parsed already. */
  readonly body: string | Uint8Array | { readonly parsed: unknown } | undefined
  /** Whether it is sent by `fetch`, where that can express it, rather than by `handle`. */
  readonly byFetch: boolean
}

const login = `Basic ${btoa('platform:secret')}`

const identity = `cloudfoundry ${btoa(JSON.stringify({ user_id: 'u' }))}`
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', ' ', '\u0000', '\n', '..', '%', '%2F', '%2e%2e', '__proto__', 'constructor', 'é', '😀', '\uD800'),
  fc.constantFrom('a'.repeat(11_000), 'null', 'true', '0', '-1', '1e999', '{}', '[]', '"'),
)

/** In a query, stands for the operation that the last 202 named. */
export const lastOperation = 'LAST-OPERATION'

/** Few ids, so that requests of one run meet the same resources. */
const id = fc.oneof({ arbitrary: fc.constantFrom('a', 'a', 'a', 'b'), weight: 19 }, { arbitrary: oddText, weight: 1 })
const service_id = fc.oneof({ arbitrary: fc.constant('service'), weight: 19 }, fc.constantFrom('shut', 'none'))
const plan_id = fc.oneof({ arbitrary: fc.constant('small'), weight: 9 }, fc.constantFrom('large', 'shut-small', 'none'))

const behaviour = fc.oneof(
  { arbitrary: fc.constant('quick'), weight: 5 },
  { arbitrary: fc.constant('slow'), weight: 2 },
  fc.constantFrom('throw', 'refuse', 'nothing', 'break'),
)
const parameters = fc.oneof(
  fc.record({ behaviour }),
  fc.record({ behaviour, size: fc.integer({ min: 0, max: 9 }) }),
  fc.constant({}),
)
const context = fc.constantFrom({ platform: 'cloudfoundry', organization_name: 'o' }, { platform: 'kubernetes' })
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })

const bodies = {
  provision: fc.record({
    service_id,
    plan_id,
    parameters: optional(parameters),
    context: optional(context),
    organization_guid: optional(fc.constant('org')),
    maintenance_info: optional(fc.constant({ version: '1.0.0' })),
  }),
  update: fc.record({
    service_id,
    plan_id: optional(plan_id),
    parameters: optional(parameters),
    context: optional(context),
    previous_values: optional(fc.record({ plan_id })),
    maintenance_info: optional(fc.constant({ version: '1.0.0' })),
  }),
  bind: fc.record({
    service_id,
    plan_id,
    parameters: optional(parameters),
    bind_resource: optional(fc.constant({ app_guid: 'app' })),
    predecessor_binding_id: fc.option(id, { nil: undefined, freq: 1 }),
  }),
} as const

const queryValues = {
  accepts_incomplete: fc.constantFrom('true', 'true', 'false', '', '1'),
  service_id,
  plan_id,
  operation: fc.oneof(
    { arbitrary: fc.constant(lastOperation), weight: 6 },
    fc.constantFrom('create-1', 'delete-1'),
    oddText,
  ),
} as const

function query(operation: OperationName): fc.Arbitrary<string> {
  const { query: named } = routes[operation]
  const entries = Object.entries(named).map(([name, presence]) => {
    const value = queryValues[name as keyof typeof queryValues]
    return fc
      .tuple(value, presence === 'required' ? fc.constant(true) : fc.boolean())
      .map(([text, isSent]) => (isSent ? `${name}=${encodeURIComponent(text.toWellFormed())}` : ''))
  })
  return fc.tuple(...entries).map((parts) => parts.filter((part) => part !== '').join('&'))
}

/** A request as a platform sends it. */
const valid: fc.Arbitrary<RandomRequest> = fc
  .constantFrom(...operationNames, 'provision' as const, 'provision' as const, 'bind' as const)
  .chain((operation) => {
    const { method, hasBody } = routes[operation]
    const body = hasBody ? bodies[operation as keyof typeof bodies] : fc.constant(undefined)
    return fc
      .record({ instance_id: id, binding_id: id, query: query(operation), body, byFetch: fc.boolean() })
      .map(({ instance_id, binding_id, query: sent, body: content, byFetch }) => ({
        method,
        target: `${buildPath(operation, { instance_id: segment(instance_id), binding_id: segment(binding_id) })}?${sent}`,
        headers: {
          authorization: login,
          [headerNames.apiVersion.toLowerCase()]: '2.17',
          [headerNames.originatingIdentity.toLowerCase()]: identity,
          [headerNames.requestIdentity.toLowerCase()]: 'request-1',
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: content === undefined ? undefined : JSON.stringify(content),
        byFetch,
      }))
  })

/** No path can be built for the empty id. */
function segment(text: string): string {
  return text === '' ? 'empty' : text.toWellFormed()
}

const headerName = fc.constantFrom(
  'authorization',
  ...Object.values(headerNames).map((name) => name.toLowerCase()),
  'content-type',
  'content-length',
  'cookie',
)

type Mutation = (request: RandomRequest) => RandomRequest

const json = fc.jsonValue({ maxDepth: 4 })
const deep = '['.repeat(300)
const bodyField = fc.constantFrom(
  'service_id',
  'plan_id',
  'parameters',
  'context',
  'maintenance_info',
  'previous_values',
  'bind_resource',
  'predecessor_binding_id',
  'instance_id',
  'unknown',
)

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(headerName, oddText).map(([name, value]): Mutation => withHeader(name, value)),
  headerName.map((name): Mutation => ({ headers: { [name]: _dropped, ...headers }, ...rest }) => ({
    ...rest,
    headers,
  })),
  fc.tuple(bodyField, json).map(([name, value]): Mutation => withField(name, value)),
  fc.nat({ max: 60 }).map((length): Mutation => (request) => ({ ...request, body: textOf(request).slice(0, length) })),
  fc
    .constantFrom(deep, `{"a":${deep}`, '{"__proto__":1}', 'null', '[]', '""', '\uFEFF{}')
    .map((body): Mutation => (request) => ({ ...request, body })),
  fc.uint8Array({ maxLength: 40 }).map((body): Mutation => (request) => ({ ...request, body })),
  json.map((parsed): Mutation => (request) => ({ ...request, body: { parsed }, byFetch: false })),
  fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST', 'OPTIONS').map((method): Mutation => (request) => ({
    ...request,
    method,
  })),
  fc.tuple(fc.nat({ max: 90 }), oddText).map(([at, text]): Mutation => (request) => ({
    ...request,
    target: request.target.slice(0, at) + text + request.target.slice(at + text.length),
  })),
  fc
    .constantFrom('&accepts_incomplete=true', '&service_id=service', '&plan_id=', '#x', '?')
    .map((more): Mutation => (request) => ({ ...request, target: request.target + more })),
)

function withHeader(name: string, value: string): Mutation {
  return (request) => ({ ...request, headers: { ...request.headers, [name]: value } })
}

function withField(name: string, value: unknown): Mutation {
  return (request) => {
    try {
      const body = JSON.parse(textOf(request)) as object
      return { ...request, body: JSON.stringify({ ...body, [name]: value }) }
    } catch {
      return { ...request, body: JSON.stringify({ [name]: value }) }
    }
  }
}

function textOf({ body }: RandomRequest): string {
  return typeof body === 'string' ? body : ''
}

const mutated = fc
  .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([request, mutations]) => mutations.reduce((before, mutate) => mutate(before), request))

/** Anything at all. */
const hostile: fc.Arbitrary<RandomRequest> = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE'), oddText),
  target: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.oneof(fc.constantFrom('v2', 'catalog', 'service_instances', '..', '%2e'), oddText))
      .map((parts) => `/${parts.join('/')}`),
    fc.webUrl(),
  ),
  headers: fc.oneof(
    fc.dictionary(fc.oneof(headerName, oddText), oddText, { maxKeys: 5 }),
    fc.constant({ authorization: login, [headerNames.apiVersion.toLowerCase()]: '2.17' }),
  ),
  body: fc.oneof(
    fc.constant(undefined),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    json.map((parsed) => ({ parsed })),
  ),
  byFetch: fc.boolean(),
})

const request = fc.oneof(
  { arbitrary: valid, weight: 6 },
  { arbitrary: mutated, weight: 3 },
  { arbitrary: hostile, weight: 1 },
)

const begin = (binding: boolean): RandomRequest => ({
  method: 'PUT',
  target: buildPath(binding ? 'bind' : 'provision', { instance_id: 'a', binding_id: 'a' }),
  headers: { authorization: login, [headerNames.apiVersion.toLowerCase()]: '2.17' },
  body: JSON.stringify({ service_id: 'service', plan_id: 'small' }),
  byFetch: false,
})

/** The requests of one run; most meet an instance that is there already, and half of them its binding. */
export const requests: fc.Arbitrary<RandomRequest[]> = fc
  .tuple(
    fc.constantFrom([], [begin(false)], [begin(false), begin(true)], [begin(false), begin(true)]),
    fc.array(request, { minLength: 1, maxLength: 8 }),
  )
  .map(([first, then]) => [...first, ...then])
