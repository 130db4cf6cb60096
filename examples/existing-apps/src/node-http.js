import { createServer } from 'node:http'
import { toNodeHandler } from 'osb-server/node'
import { makeBroker } from './broker.js'

/** @param {string} password */
export function makeServer(password) {
  const handleBroker = toNodeHandler(makeBroker(password))
  return createServer((request, response) => {
    if (request.url?.startsWith('/broker/')) handleBroker(request, response)
    else response.end('the notes app\n')
  })
}
