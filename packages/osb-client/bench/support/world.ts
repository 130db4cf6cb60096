import type { Catalog } from 'osb-protocol'

export const auth = { username: 'platform', password: 'correct horse battery staple' }
const text = 'A text of the length that descriptions in catalogs usually have, so that the whole is about 30 KB.'

const guid = (kind: number, number: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`

const parameters = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { charset: { type: 'string', enum: ['utf8mb4', 'latin1'] }, storage_gb: { type: 'integer', minimum: 1 } },
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
      schemas: { service_instance: { create: { parameters } }, service_binding: { create: { parameters } } },
    })),
  })),
}

const ids = { service_id: guid(1, 2), plan_id: guid(2, 9) }
const place = { organization_guid: guid(3, 1), space_guid: guid(4, 1) }
const context = { platform: 'cloudfoundry', ...place, organization_name: 'o', space_name: 's', instance_name: 'i' }
const given = { charset: 'utf8mb4', storage_gb: 20 }

export const provisionBody = { ...ids, context, ...place, parameters: given, maintenance_info: { version: '1.0.0' } }
export const bindBody = {
  ...ids,
  context,
  app_guid: guid(7, 1),
  bind_resource: { app_guid: guid(7, 1) },
  parameters: given,
}
export const instance_id = guid(5, 1)
export const binding_id = guid(6, 1)

/** What the broker answers. */
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
}
