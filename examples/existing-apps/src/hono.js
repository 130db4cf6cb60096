import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { toHono } from 'osb-server/hono'
import { makeBroker } from './broker.js'

/** @param {string} password */
export function makeServer(password) {
  const app = new Hono()
  app.all('/broker/*', toHono(makeBroker(password)))
  app.get('/', (context) => context.text('the notes app\n'))
  return createAdaptorServer({ fetch: app.fetch })
}
