import { createServer } from 'node:http'
import express from 'express'
import { toExpress } from 'osb-server/express'
import { makeBroker } from './broker.js'

/** @param {string} password */
export function makeServer(password) {
  const app = express()
  app.use(express.json())
  app.use('/broker', toExpress(makeBroker(password)))
  app.get('/', (_request, response) => void response.send('the notes app\n'))
  return createServer(app)
}
