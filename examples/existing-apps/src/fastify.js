import fastify from 'fastify'
import { toFastify } from 'osb-server/fastify'
import { makeBroker } from './broker.js'

/** @param {string} password */
export async function makeServer(password) {
  const app = fastify()
  app.register(toFastify(makeBroker(password)), { prefix: '/broker' })
  app.get('/', async () => 'the notes app\n')
  await app.ready()
  return app.server
}
