import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { isPortFreeSoon } from './ports.js'

const host = '127.0.0.1'
const { signal } = new AbortController()

async function holdPort() {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, release: () => server.close() }
}

it('a port that is given up while it is looked at is free', async () => {
  const { port, release } = await holdPort()
  setTimeout(release, 150)
  expect(await isPortFreeSoon(host, port, signal)).toBe(true)
})

it('a port that stays taken is not, and nobody waits on when told to end', async () => {
  const { port, release } = await holdPort()
  try {
    expect(await isPortFreeSoon(host, port, signal)).toBe(false)
    await expect(isPortFreeSoon(host, port, AbortSignal.abort())).rejects.toThrow()
  } finally {
    release()
  }
})
