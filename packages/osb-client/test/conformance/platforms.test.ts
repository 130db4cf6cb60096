import { describe, expect, it } from 'vitest'
import { referenceBroker, type ReferenceSettings } from './brokers/reference-broker.js'
import type { TestBroker } from './brokers/test-broker.js'
import { runChecker } from './run-checker.js'

const platforms = ['cf', 'kubernetes'] as const
// Of the rest of a run, as little as there is.
const select = { checks: ['AUTH-07'] }

const verdictsOf = async (broker: TestBroker) => (await runChecker(broker, { platforms, select })).platforms

/** The broker with the answers to some requests changed. */
function changed(
  settings: ReferenceSettings,
  change: (request: Request, answer: Response) => Response | Promise<Response>,
): TestBroker {
  const { fetch, close } = referenceBroker(settings)
  return { close, fetch: async (request) => change(request.clone(), await fetch(request)) }
}

const isInstance = ({ url }: Request) => /service_instances\/[^/]+$/.test(new URL(url).pathname)
const isBinding = ({ url }: Request) => /service_bindings\/[^/]+$/.test(new URL(url).pathname)

describe('verdicts of platforms', () => {
  it('let the reference broker work everywhere, and show what an app gets, values hidden', async () => {
    const report = await runChecker(referenceBroker({ only: ['sql', 'cluster', 'volume'] }), { platforms, select })
    expect(report.platforms.filter(({ works }) => !works)).toEqual([])
    expect(report.platforms.map(({ platform, plan }) => `${platform}: ${plan?.name}`)).toEqual([
      'Cloud Foundry: reference-sql / small',
      'Cloud Foundry: reference-cluster / small',
      'Cloud Foundry: reference-volume-mount / standard',
      'Kubernetes: reference-sql / small',
      'Kubernetes: reference-cluster / small',
      'Kubernetes: reference-volume-mount / standard',
    ])
    expect(report.platforms[0]?.app).toMatchObject({
      'reference-sql': [{ label: 'reference-sql', plan: 'small', credentials: { password: '[redacted]' } }],
    })
    expect(report.platforms[3]?.app).toMatchObject({ username: '[redacted]', password: '[redacted]' })
    expect(JSON.stringify(report.platforms)).not.toContain('secret-of-')
    expect(report.leftovers).toEqual([])
  })

  it('send what Cloud Controller sends', async () => {
    const [verdict] = await verdictsOf(referenceBroker({ only: ['sql'] }))
    const { headers = {}, url = '', body = '' } = verdict?.steps[0]?.exchange.request ?? {}
    expect(headers).toMatchObject({ 'X-Broker-API-Version': '2.15' })
    expect(headers['X-Broker-API-Originating-Identity']).toMatch(/^cloudfoundry /)
    expect(url).toMatch(/\?accepts_incomplete=true$/)
    expect(JSON.parse(body)).toMatchObject({ context: { platform: 'cloudfoundry', instance_name: 'osb-check' } })
  })

  it('know that an asynchronous binding that cannot be fetched is of no use on Cloud Foundry', async () => {
    const broker = changed({ only: ['cluster'] }, async (request, answer) => {
      if (!request.url.endsWith('/v2/catalog')) return answer
      const { services } = (await answer.json()) as { services: object[] }
      return Response.json({ services: services.map((offering) => ({ ...offering, bindings_retrievable: false })) })
    })
    const [cf] = await verdictsOf(broker)
    expect(cf).toMatchObject({ works: false })
    expect(cf?.steps).toContainEqual(expect.objectContaining({ operation: 'bind', ruling: 'refuses' }))
  })

  it('know that a delete without a JSON object in its body is refused', async () => {
    const broker = changed({ only: ['sql'] }, (request, answer) =>
      request.method === 'DELETE' && isInstance(request) ? new Response('', { status: answer.status }) : answer,
    )
    const verdicts = await verdictsOf(broker)
    expect(verdicts.map(({ platform, works }) => ({ platform, works }))).toEqual([
      { platform: 'Cloud Foundry', works: false },
      { platform: 'Kubernetes', works: false },
    ])
  })

  it('know that a 500 to a bind is cleaned up after', async () => {
    const broker = changed({ only: ['sql'] }, (request, answer) =>
      request.method === 'PUT' && isBinding(request) ? Response.json({}, { status: 500 }) : answer,
    )
    const verdicts = await verdictsOf(broker)
    expect(verdicts.flatMap(({ steps }) => steps.map(({ operation, ruling }) => `${operation} ${ruling}`))).toEqual([
      'provision accepts',
      'bind mitigates',
      'deprovision accepts',
      'provision accepts',
      'bind mitigates',
      'deprovision accepts',
    ])
  })

  it('know that Cloud Foundry wants a route service to be https', async () => {
    const broker = changed({ only: ['route'] }, async (request, answer) =>
      request.method === 'PUT' && isBinding(request)
        ? Response.json({ route_service_url: 'http://route.reference.test' }, { status: answer.status })
        : answer,
    )
    expect((await verdictsOf(broker)).map(({ works }) => works)).toEqual([false, true])
  })

  it('are given of the catalog alone when nothing may be created', async () => {
    const broker = referenceBroker({ only: ['plain'] })
    const { platforms: verdicts, requests } = await runChecker(broker, { platforms: ['cf'], safe: true, select })
    expect(verdicts).toEqual([{ platform: 'Cloud Foundry', works: true, catalog: [], steps: [] }])
    expect(requests).toBeGreaterThan(0)
  })
})
