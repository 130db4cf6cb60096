import { type Catalog, headerNames } from 'osb-protocol'

export const username = 'platform'
export const password = 'correct horse battery staple'
export const login = `Basic ${btoa(`${username}:${password}`)}`
const version = '2.17'
const identity = `cloudfoundry ${btoa(JSON.stringify({ user_id: '683ea748-3092-4ff4-b656-39cacc4d5360' }))}`
const requestIdentity = '26be59c0-f163-4bb6-9a3a-8dd7d6d0b8c1'
const text = 'A text of the length that descriptions in catalogs usually have, so that the whole is about 30 KB.'

export const guid = (kind: number, number: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`

const parametersSchema = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { charset: { type: 'string', enum: ['utf8mb4', 'latin1'] }, storage_gb: { type: 'integer', minimum: 1 } },
  required: ['charset'],
  additionalProperties: false,
}

/** 5 offerings of 4 plans: 30 KB of JSON. */
export const catalog: Catalog = {
  services: Array.from({ length: 5 }, (_offering, offering) => ({
    id: guid(1, offering),
    name: `database-${offering}`,
    description: text,
    bindable: true,
    instances_retrievable: true,
    bindings_retrievable: true,
    plan_updateable: true,
    tags: ['database', 'relational'],
    metadata: { displayName: `Database ${offering}`, longDescription: text.repeat(3) },
    plans: Array.from({ length: 4 }, (_plan, plan) => ({
      id: guid(2, offering * 4 + plan),
      name: `plan-${plan}`,
      description: text,
      metadata: { bullets: [text, text], costs: [{ amount: { eur: 10 * plan }, unit: 'MONTHLY' }] },
      free: plan === 0,
      maintenance_info: { version: '1.0.0' },
      schemas: {
        service_instance: { create: { parameters: parametersSchema } },
        service_binding: { create: { parameters: parametersSchema } },
      },
    })),
  })),
}

export const ids = { service_id: guid(1, 2), plan_id: guid(2, 9) }
const parameters = { charset: 'utf8mb4', storage_gb: 20 }
export const context = {
  platform: 'cloudfoundry',
  organization_guid: guid(3, 1),
  space_guid: guid(4, 1),
  organization_name: 'organization',
  space_name: 'space',
  instance_name: 'my-database',
}
const catalogPath = '/v2/catalog'
const instancePath = `/v2/service_instances/${guid(5, 1)}`
const bindingPath = `${instancePath}/service_bindings/${guid(6, 1)}`
const operation = 'create-5c1c4c6e-8b0e-4b3f-9d2e-0f6e1f0f5b7a'

/** What the back end answers, and what the reference writes. */
export const answers = {
  provision: { dashboard_url: 'https://dashboard.example.com/instances/5', metadata: { labels: { team: 'blue' } } },
  bind: {
    credentials: {
      uri: 'mysql://u:p@db.internal:3306/d',
      username: 'u',
      password: 'p',
      host: 'db.internal',
      port: 3306,
    },
    endpoints: [{ host: 'db.internal', ports: ['3306'] }],
  },
  lastOperation: { state: 'in progress', description: 'starting the server' },
} as const

export interface Scenario {
  readonly name: string
  /** The bar: capacity as a part of the reference's. */
  readonly bar: number
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly status: number
}

export function scenariosFor(etag: string): readonly Scenario[] {
  const provision = {
    ...ids,
    context,
    organization_guid: context.organization_guid,
    space_guid: context.space_guid,
    parameters,
    maintenance_info: { version: '1.0.0' },
  }
  const bind = { ...ids, context, bind_resource: { app_guid: guid(7, 1), space_guid: context.space_guid }, parameters }
  const query = `service_id=${ids.service_id}&plan_id=${ids.plan_id}`
  return [
    { name: 'catalog, 30 KB', bar: 0.9, method: 'GET', path: catalogPath, status: 200 },
    {
      name: 'catalog, 304',
      bar: 0.9,
      method: 'GET',
      path: catalogPath,
      headers: { [headerNames.ifNoneMatch]: etag },
      status: 304,
    },
    {
      name: 'provision',
      bar: 0.7,
      method: 'PUT',
      path: `${instancePath}?accepts_incomplete=true`,
      body: JSON.stringify(provision),
      status: 201,
    },
    {
      name: 'bind',
      bar: 0.7,
      method: 'PUT',
      path: `${bindingPath}?accepts_incomplete=true`,
      body: JSON.stringify(bind),
      status: 201,
    },
    {
      name: 'last operation',
      bar: 0.7,
      method: 'GET',
      path: `${instancePath}/last_operation?${query}&operation=${operation}`,
      status: 200,
    },
  ]
}

/** The headers of a request that have a meaning to a broker. */
export function headersOf(path: string, body?: string): Record<string, string> {
  return {
    Authorization: login,
    [headerNames.apiVersion]: version,
    // No user asks for a catalog (OID-03).
    ...(path === catalogPath ? {} : { [headerNames.originatingIdentity]: identity }),
    [headerNames.requestIdentity]: requestIdentity,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  }
}

/** The bytes of a request as a platform sends it. */
export function requestBytes({
  method,
  path,
  headers = {},
  body,
}: Pick<Scenario, 'method' | 'path' | 'headers' | 'body'>): Buffer {
  const all = { ...headersOf(path, body), ...headers }
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: broker.example.com',
    'User-Agent: cloud-controller',
    'Accept: application/json',
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}
