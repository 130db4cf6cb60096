import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBrokerClient } from '../src/index.js'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())

it('works with msw, which replaces the global fetch', async () => {
  server.use(
    http.put('http://broker.test/v2/service_instances/:instance_id', async ({ params, request }) =>
      HttpResponse.json({
        dashboard_url: `https://d/${String(params['instance_id'])}`,
        'x-seen': await request.json(),
      }),
    ),
  )
  const fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init)
  const client = createBrokerClient({ url: 'http://broker.test', auth: { username: 'u', password: 'p' }, fetch })
  expect(await client.provision({ instance_id: 'i', service_id: 's', plan_id: 'p' })).toEqual({
    outcome: 'exists',
    body: { dashboard_url: 'https://d/i', 'x-seen': { service_id: 's', plan_id: 'p' } },
  })
})
