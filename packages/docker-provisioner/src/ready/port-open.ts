import { connect } from 'node:net'
import { publishedPort } from './published-port.js'
import type { ReadyStrategy } from './ready-strategy.js'

const connectMs = 2_000
const stayOpenMs = 150

/**
 * Ready when the named port takes connections and keeps them. Docker's proxy takes connections for a container that
 * does not listen yet and closes them at once, so an open port alone proves nothing.
 */
export function portOpen(name: string): ReadyStrategy {
  return async ({ status }) => {
    const port = publishedPort(status, name)
    return (await staysOpen(status.probeHost, port))
      ? undefined
      : `port ${name} (${status.probeHost}:${port}) does not answer`
  }
}

function staysOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (isOpen: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isOpen)
    }
    let timer = setTimeout(() => end(false), connectMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      timer = setTimeout(() => end(true), stayOpenMs)
    })
    socket.once('data', () => end(true))
    socket.once('end', () => end(false))
    socket.once('error', () => end(false))
  })
}
