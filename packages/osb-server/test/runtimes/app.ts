import { Hono } from 'hono'
import { basicAuth, createBrokerFromBackend } from 'osb-server'
import { toHono } from 'osb-server/hono'
import { fakeBackend } from '../support/wire.js'

const broker = createBrokerFromBackend(fakeBackend(), {
  auth: basicAuth({ username: 'platform', password: 'correct horse' }),
  maximumBodyBytes: 1000,
})
const app = new Hono().all('/in-hono/*', toHono(broker))

/** A broker below `/in-hono`, and one by `broker.fetch` everywhere else. */
export default {
  fetch: (request: Request): Promise<Response> | Response =>
    new URL(request.url).pathname.startsWith('/in-hono/') ? app.fetch(request) : broker.fetch(request),
}
