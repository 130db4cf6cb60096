import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from 'osb-server/node'
import { expect, it, onTestFinished } from 'vitest'
import { parseArguments } from '../../src/cli/arguments.js'
import { verb } from '../../src/cli/verbs/check.js'
import { toTerminal } from '../../src/conformance.js'
import { referenceBroker } from '../conformance/brokers/reference-broker.js'
import { runChecker } from '../conformance/run-checker.js'
import { broker, login } from './broker.js'
import { brokenRulesOfBind } from './one-chapter.js'

const guide = readFileSync(new URL('../../../../docs/guides/test-a-broker.md', import.meta.url), 'utf8')
const blocks = new Map(
  [...guide.matchAll(/<!-- (\S+) -->\n+```\w+\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
)

it.each(['conformance.test.ts', 'one-chapter.ts'])('the guide shows %s', (name) => {
  expect(blocks.get(name)).toBe(readFileSync(new URL(name, import.meta.url), 'utf8'))
})

it('all its command lines can be used', () => {
  const lines = [...guide.matchAll(/osb check( [^\n`]*)?/g)].map(([, rest = '']) => rest)
  expect(lines.length).toBeGreaterThan(5)
  for (const line of lines) {
    const words = line.match(/"[^"]*"|\S+/g) ?? []
    expect(() => parseArguments('check', verb, words), line).not.toThrow()
  }
  const options = [...guide.matchAll(/`(--[\w-]+)/g)].map(([, option = '']) => option.slice('--'.length))
  expect(options.filter((option) => !(option in verb.options))).toEqual([])
})

it('shows a failure as it is printed', async () => {
  const { fetch, close } = referenceBroker({ only: ['sql'] })
  const forgetful = {
    close,
    async fetch(request: Request) {
      const answer = await fetch(request)
      return answer.status === 410 ? Response.json({}, { status: 404 }) : answer
    },
  }
  const report = await runChecker(forgetful, { select: { checks: ['DEP-16'] }, seed: 7 })
  const finding = findingOf(toTerminal(report))
  expect(finding).toContain('found    404')
  expect(blocks.get('failure')).toBe(`${finding}\n`)
})

/** The finding alone, with what differs from run to run left out. */
function findingOf(text: string): string {
  const [, finding = ''] = /\n( *✗.*?)\n\n/s.exec(text) ?? []
  return finding.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '…').replaceAll(/\d+ ms/g, '3 ms')
}

it('one chapter of a broker elsewhere', async () => {
  const server = createServer(toNodeHandler(broker))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await broker.close()
  })
  const { port } = server.address() as AddressInfo
  expect(await brokenRulesOfBind(`http://127.0.0.1:${port}`, login.password)).toEqual([])
})
