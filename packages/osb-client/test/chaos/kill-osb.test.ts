import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOsbWorld, type OsbWorld } from './osb-world.js'
import { seeded } from './seeded.js'

/** Kill points: 8, 50 by `npm run chaos`, as many as `OSB_CHAOS_KILL_POINTS` says. */
const points = Number(process.env['OSB_CHAOS_KILL_POINTS'] ?? '8')
const seed = Number(process.env['OSB_CHAOS_SEED'] ?? Date.now() % 1_000_000)
const random = seeded(seed)

/** The command of a run; it ends by itself, as nobody else ends it after a SIGKILL of osb. */
const app = ['--', process.execPath, '-e', 'setTimeout(() => {}, 300)']
const lines: readonly (readonly string[])[] = [
  ['run', 'app', '--bind', 'collector:normal', '--bind', 'collector:large', ...app],
  ['create-service', 'collector', 'normal', 'records'],
  ['bind-service', 'shop', 'records'],
  ['update-service', 'records', '-p', 'large'],
  ['unbind-service', 'shop', 'records'],
  ['delete-service', 'records'],
]

let world: OsbWorld
beforeAll(async () => {
  world = await openOsbWorld()
})
afterAll(() => world.close())

it(
  `SIGKILL of osb at ${points} points (seed ${seed}) is repaired by osb cleanup`,
  { timeout: 60_000 + points * 20_000 },
  async () => {
    for (let point = 0; point < points; point++) {
      const words = lines[point % lines.length] ?? []
      beSlow(world)
      const child = world.start(...words)
      const exited = once(child, 'exit')
      const requests = world.broker.requests.length
      // Counted in requests and not from the start: that takes longer on a busy machine than all the rest.
      const wanted = requests + Math.floor(random() * 4)
      await Promise.race([exited, untilRequests(world, wanted)])
      await sleep(random() * 120)
      child.kill('SIGKILL')
      await exited
      const repaired = await world.run('cleanup')
      const { inBroker, inState } = world.compare()
      expect({ words, repaired, inBroker }).toEqual({ words, repaired: { ...repaired, code: 0 }, inBroker: inState })
      const { output } = await world.run('services', '--json')
      expect(output).not.toContain('in progress')
      expect((JSON.parse(output) as { instances: { name: string }[] }).instances.map(({ name }) => name)).toEqual(
        inState.some((id) => id.startsWith('instance')) ? ['records'] : [],
      )
      expect(await world.run('cleanup')).toMatchObject({
        code: 0,
        output: expect.stringContaining('Nothing was left') as string,
      })
    }
    expect(world.files()).toEqual(['state.json'])
  },
)

/** The next calls take a while, or are polled for. */
function beSlow({ broker }: OsbWorld): void {
  for (const operation of ['provision', 'bind', 'update', 'unbind', 'deprovision'] as const) {
    const slow = { fault: 'slow', ms: Math.ceil(random() * 60) } as const
    broker.next(operation, random() < 0.3 ? { fault: 'async', polls: 0, end: 'succeeded' } : slow)
  }
}

async function untilRequests({ broker }: OsbWorld, wanted: number): Promise<void> {
  for (let waited = 0; broker.requests.length < wanted && waited < 4_000; waited++) await sleep(5)
}
