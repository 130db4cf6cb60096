import { createServer } from 'node:http'
import express from 'express'
import { toExpress } from 'osb-server/express'
import { makeBroker } from './broker.js'

/** @param {string} password */
export function makeServer(password) {
  const app = express()
  // Before the app's own parser, which would answer a body that is no JSON with a page of Express.
  app.use('/broker', toExpress(makeBroker(password)))
  app.use(express.json())
  app.get('/', (_request, response) => void response.send('the notes app\n'))
  return createServer(app)
}
