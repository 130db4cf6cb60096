// Run as a process of its own: `node measure-calls.mjs CONTESTANTS ROUNDS`, CONTESTANTS a module with `cases`.
import { makeDocument } from './documents.js'
import { makeCases } from './contestants.js'

/** The sizes of the issue: 4 KB of five services, and 168 KB, more than fits into a variable of Linux. */
const sizes = [
  { services: 5, calls: 400 },
  { services: 220, calls: 12 },
]

const [folders = '{}', rounds = '31'] = process.argv.slice(2)
const results = []
for (const { services, calls } of sizes) {
  const text = makeDocument(services)
  const cases = Object.entries(await makeCases(text, JSON.parse(folders) as Record<string, string>))
  for (const [, call] of cases) for (let warm = 0; warm < calls * 3; warm++) call()
  const costs: Record<string, number[]> = {}
  for (let round = 0; round < Number(rounds); round++) {
    // Forwards and backwards, so that whatever changes slowly strikes all alike.
    for (const [name, call] of round % 2 === 0 ? cases : cases.toReversed()) {
      const before = process.cpuUsage()
      for (let count = 0; count < calls; count++) call()
      const { user, system } = process.cpuUsage(before)
      ;(costs[name] ??= []).push((user + system) / calls)
    }
  }
  results.push({ bytes: Buffer.byteLength(text), costs })
}
process.stdout.write(JSON.stringify(results))
