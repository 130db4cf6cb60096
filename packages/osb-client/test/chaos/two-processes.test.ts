import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOsbWorld, type OsbWorld } from './osb-world.js'
import { seeded } from './seeded.js'

/** Commands in all: 60, 1,000 by `npm run chaos`, as many as `OSB_CHAOS_COMMANDS` says. */
const commands = Number(process.env['OSB_CHAOS_COMMANDS'] ?? '60')
const seed = Number(process.env['OSB_CHAOS_SEED'] ?? Date.now() % 1_000_000)

let world: OsbWorld
beforeAll(async () => {
  world = await openOsbWorld()
})
afterAll(() => world.close())

it(
  `two osb at once lose nothing in ${commands} mixed commands (seed ${seed})`,
  { timeout: 60_000 + commands * 5_000 },
  async () => {
    const done = await Promise.all([work('one', seeded(seed)), work('two', seeded(seed + 1))])
    const codes = done.flat().map(({ code }) => code)
    // 3: the other one was quicker, so that a name was taken, gone or busy.
    expect(done.flat().filter(({ code }) => code !== 0 && code !== 3)).toEqual([])
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(codes.length / 3)
    const { inBroker, inState } = world.compare()
    expect(inState).toEqual(inBroker)
    const made = done.flat().flatMap(({ kept }) => kept)
    const { output } = await world.run('services', '--json')
    const names = (JSON.parse(output) as { instances: { name: string }[] }).instances.map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('own-')).toSorted()).toEqual(made.toSorted())
    expect(output).not.toContain('in progress')
    expect(world.files()).toEqual(['state.json'])
  },
)

interface Done {
  readonly words: readonly string[]
  readonly code: number | null
  readonly output: string
  /** The user-provided instance that the command made for good. */
  readonly kept: readonly string[]
}

/** One after the other; half of the names are those that the other one uses, too. */
async function work(worker: string, random: () => number): Promise<Done[]> {
  const done: Done[] = []
  for (let count = 0; count < commands / 2; count++) {
    const words = wordsOf(worker, count, random)
    const { code, output } = await world.run(...words)
    done.push({ words, code, output, kept: words[0] === 'cups' && code === 0 ? [words[1] ?? ''] : [] })
  }
  return done
}

function wordsOf(worker: string, count: number, random: () => number): readonly string[] {
  const name = `${random() < 0.5 ? 'both' : worker}-${Math.floor(random() * 3)}`
  const app = `app-${Math.floor(random() * 2)}`
  const all = [
    ['create-service', 'collector', 'normal', name],
    ['create-service', 'collector', 'large', name],
    ['create-service', 'collector', 'normal', name],
    ['bind-service', app, name],
    ['bind-service', app, name],
    ['unbind-service', app, name],
    ['create-service-key', name, 'key'],
    ['delete-service', name],
    ['update-service', name, '-t', 'a,b'],
    ['cups', `own-${worker}-${count}`],
    ['cups', `own-${worker}-${count}`],
    ['services'],
  ]
  return all[Math.floor(random() * all.length)] ?? []
}
