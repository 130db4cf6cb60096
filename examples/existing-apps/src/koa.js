import { createServer } from 'node:http'
import Koa from 'koa'
import { toKoa } from 'osb-server/koa'
import { makeBroker } from './broker.js'

/** @param {string} password */
export function makeServer(password) {
  const app = new Koa()
  app.use(toKoa(makeBroker(password), { prefix: '/broker' }))
  app.use((context) => {
    context.body = 'the notes app\n'
  })
  const handle = app.callback()
  return createServer((request, response) => void handle(request, response))
}
