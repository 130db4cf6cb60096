import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeHome, root, runLine } from './support/run-osb.js'
import { type CollectorBroker, startCollector } from './support/start-collector.js'

const guide = readFileSync(join(root, 'docs/guides/use-the-osb-command.md'), 'utf8')
const sessions = [...guide.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, text = '']) => text)
const home = makeHome()
let broker: CollectorBroker

beforeAll(async () => {
  broker = await startCollector('embedded')
}, 120_000)
afterAll(async () => {
  await broker.stop()
  home.remove()
})

it('the guide has the founding sequence, and a run', () => {
  expect(sessions).toHaveLength(2)
  const founding =
    /create-service-broker.*service-access.*enable-service-access.*marketplace.*create-service.*services.*bind-service.*env.*run.*unbind-service.*delete-service.*delete-service-broker/s
  expect(sessions[0]).toMatch(founding)
})

it('the sessions of the guide are as they are', { timeout: 300_000 }, async () => {
  let env = { ...home.env }
  for (const session of sessions) {
    let seen = ''
    for (const [, line = ''] of session.matchAll(/^\$ (.*)$/gm)) {
      seen += `$ ${line}\n`
      const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? []
      if (name !== undefined) env = { ...env, [name]: value === 'choose-one' ? broker.password : (value ?? '') }
      else seen += await runLine(line.replace('http://127.0.0.1:8080', broker.url), env)
    }
    expect(comparable(seen)).toBe(comparable(session))
  }
})

/** The same for every run: guids, addresses and times are others each time, and what a broker says while it works may be. */
function comparable(text: string): string {
  return text
    .replaceAll(broker.url, 'http://127.0.0.1:8080')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'GUID')
    .replaceAll(/\d+ ms/g, 'N ms')
    .replaceAll(/^ {2}in progress.*\n/gm, '')
}
