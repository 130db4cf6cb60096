import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ContainerStatus, ExecResult } from '../engine/engine.js'
import { allOf } from './all-of.js'
import { command } from './command.js'
import { healthy } from './healthy.js'
import { http } from './http.js'
import { logLine } from './log-line.js'
import { portOpen } from './port-open.js'
import type { ReadyTarget } from './ready-strategy.js'

let server: Server | undefined
afterEach(() => server?.close())

async function listening(made: Server): Promise<number> {
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return (made.address() as AddressInfo).port
}

function target(
  port: number,
  logs: readonly string[] = [],
  result: Partial<ExecResult> = {},
  more: Partial<ContainerStatus> = {},
): ReadyTarget {
  const place = { engine: 'docker' as const, host: '0.0.0.0', ports: { main: 80 }, paths: {} }
  return {
    status: {
      name: 'x',
      state: 'running',
      restarts: 0,
      labels: {},
      host: 'advertised.invalid',
      probeHost: '127.0.0.1',
      ports: { main: port },
      place,
      health: 'none',
      ...more,
    },
    exec: async () => ({ exitCode: 0, stdout: '', stderr: '', ...result }),
    logs: async () => logs,
    signal: AbortSignal.timeout(10_000),
  }
}

describe('readiness', () => {
  it('portOpen: a port that stays open is ready', async () => {
    expect(await portOpen('main')(target(await listening(createServer())))).toBeUndefined()
  })

  it("portOpen: a port that takes connections and drops them, as Docker's proxy does, is not", async () => {
    const dropping = createServer((socket) => socket.end())
    expect(await portOpen('main')(target(await listening(dropping)))).toMatch(/does not answer/)
  })

  it('portOpen: a closed port is not, a name that the recipe lacks is an error', async () => {
    const port = await listening(createServer())
    server?.close()
    expect(await portOpen('main')(target(port))).toMatch(/does not answer/)
    await expect(portOpen('other')(target(port))).rejects.toMatchObject({ code: 'INVALID_RECIPE' })
  })

  it.each([
    [200, undefined],
    [302, '/up answers 302'],
    [503, '/up answers 503'],
  ])('http: status %i gives %s', async (status, missing) => {
    const port = await listening(
      createHttpServer((_request, response) => response.writeHead(status, { location: '/' }).end()),
    )
    expect(await http('main', '/up')(target(port))).toBe(missing)
  })

  it('command: exit code and output decide', async () => {
    expect(await command(['check'])(target(1))).toBeUndefined()
    expect(await command(['check'])(target(1, [], { exitCode: 2 }))).toBe('check ends with exit code 2')
    expect(await command(({ ports }) => [`${ports['main']}`], { expect: /PONG/ })(target(1))).toBe(
      '80 does not answer as expected',
    )
  })

  it.each([
    ['healthy', undefined],
    ['starting', 'its health check says starting'],
    ['unhealthy', 'its health check says unhealthy'],
    ['none', 'the image has no health check'],
  ] as const)('healthy: %s gives %s', async (health, missing) => {
    expect(await healthy()(target(1, [], {}, { health }))).toBe(missing)
  })

  it('logLine: one matching line is enough', async () => {
    expect(await logLine(/ready/)(target(1, ['a', 'is ready']))).toBeUndefined()
    expect(await logLine(/ready/)(target(1, ['a']))).toMatch(/no log line/)
  })

  it('allOf: the first that is not ready is named, later ones are not asked', async () => {
    let asked = 0
    const counting = async () => `asked ${++asked} times`
    const ready = async () => undefined
    expect(await allOf(ready, logLine(/x/), counting)(target(1))).toMatch(/no log line/)
    expect(asked).toBe(0)
    expect(await allOf(ready, ready)(target(1))).toBeUndefined()
  })
})
