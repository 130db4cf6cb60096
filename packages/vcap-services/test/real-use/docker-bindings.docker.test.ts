import { randomUUID } from 'node:crypto'
import { dockerEngine, dockerOffering, labels, mariadbRecipe, postgresqlRecipe, redisRecipe } from 'docker-provisioner'
import { createBroker, defineOffering, definePlan, memoryStore, noAuth } from 'osb-server'
import { afterAll, expect, it } from 'vitest'
import { type BoundTo, runApp } from './run-app.js'

const engine = dockerEngine()
const broker = `vcap-${randomUUID()}`
const imageOf = (name: string) => `osb-test/${name}:debian`

/** Why this machine cannot run the services; `OSB_REQUIRE_DOCKER=1` forbids that there is a reason. */
async function whyNot(): Promise<string | undefined> {
  try {
    await engine.info({ timeoutMs: 3_000 })
    for (const name of ['postgresql', 'mariadb', 'redis'])
      if (!(await engine.hasImage(imageOf(name)))) throw new Error(`npm run test:images makes ${imageOf(name)}`)
    return undefined
  } catch (error) {
    if (process.env['OSB_REQUIRE_DOCKER'] === '1') throw error
    return `no Docker engine with the images of the tests: ${error instanceof Error ? error.message : String(error)}`
  }
}

const reason = await whyNot()
afterAll(async () => {
  if (reason !== undefined) return
  for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
}, 120_000)

const plans = { small: { memoryMb: 512, pids: 256, connections: 20 } }
const recipes = {
  postgresql: postgresqlRecipe({ image: imageOf('postgresql'), plans }),
  mysql: mariadbRecipe({ image: imageOf('mariadb'), plans }),
  redis: redisRecipe({ image: imageOf('redis'), plans }),
}

it(
  'an app uses PostgreSQL, MariaDB and Redis on Docker by what the broker answers to its binds',
  { timeout: 300_000 },
  async (context) => {
    if (reason !== undefined) context.skip(reason)
    const offerings = Object.entries(recipes).map(([name, recipe]) =>
      defineOffering(
        dockerOffering(recipe, {
          engine,
          broker,
          id: name,
          name,
          description: 'for tests',
          plans: [definePlan({ id: `${name}-small`, name: 'small', description: 'for tests' })],
        }),
      ),
    )
    const osb = createBroker({ offerings, store: memoryStore(), auth: noAuth(), syncTimeoutMs: 250_000 })
    const send = async (method: string, path: string, status: number, body?: object) => {
      const response = await osb.fetch(
        new Request(`http://broker.test/v2/service_instances/${path}`, {
          method,
          headers: { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' },
          body: body === undefined ? null : JSON.stringify(body),
        }),
      )
      const text = await response.text()
      expect([response.status, response.status === status ? '' : text]).toEqual([status, ''])
      return JSON.parse(text) as { readonly credentials: object }
    }

    const instances = Object.keys(recipes).map((name) => ({ name, id: randomUUID(), plan: `${name}-small` }))
    try {
      const bound: BoundTo[] = []
      for (const { name, id, plan } of instances) {
        const ids = { service_id: name, plan_id: plan }
        await send('PUT', id, 201, ids)
        const { credentials } = await send('PUT', `${id}/service_bindings/b`, 201, ids)
        bound.push({ offering: name as BoundTo['offering'], credentials })
      }
      expect(await runApp(bound)).toEqual({
        postgresql: 'written and read',
        mysql: 'written and read',
        redis: 'written and read',
      })
    } finally {
      for (const { name, id, plan } of instances) await send('DELETE', `${id}?service_id=${name}&plan_id=${plan}`, 200)
      await osb.close()
    }
  },
)
