import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkBroker } from '../../src/broker-file/check-broker.js'
import { makeOfferings } from '../../src/broker-file/make-offerings.js'
import { openEngine } from '../../src/broker-file/open-engine.js'
import { readBrokerFile } from '../../src/broker-file/read-broker-file.js'
import { serveBroker } from '../../src/broker-file/serve-broker.js'
import { dockerEngine, labels } from '../../src/index.js'
import { testImage, whyNoImage } from '../support/test-image.js'

const guide = fileURLToPath(new URL('../../../../docs/guides/run-services-on-docker.md', import.meta.url))
const reason = await whyNoImage('postgresql', 'redis')
const engine = dockerEngine()
const broker = `guide-${randomUUID()}`
const environment = { OSB_PASSWORD: 'of-the-guide', OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64') }

describe('the guide to services on Docker', { timeout: 180_000 }, () => {
  let folder: string
  let blocks: (language: string) => string[]
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-guide-'))
    const text = await readFile(guide, 'utf8')
    blocks = (language) =>
      [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, found, code]) =>
        found === language ? [code ?? ''] : [],
      )
  })
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    if (reason !== undefined) return
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
  })

  /** The guide's file, with the images that the tests have and a name of its own. */
  async function load(text: string) {
    const file = join(folder, 'broker.yaml')
    const changed = text
      .replace('name: team-services', `name: ${broker}`)
      .replace('image: postgres:17', `image: ${testImage('postgresql')}`)
      .replace('image: redis:8', `image: ${testImage('redis')}`)
    await writeFile(file, changed)
    return readBrokerFile(file, environment)
  }

  it('has a file that is good, and commands that give a login to a database', async () => {
    const loaded = await load((blocks('yaml')[0] ?? '').replace('port: 8080', 'port: 0'))
    expect(await checkBroker(loaded, openEngine(loaded))).toEqual({ errors: [], warnings: [] })
    const running = await serveBroker(loaded, openEngine(loaded), () => {})
    try {
      const commands = (blocks('sh')[1] ?? '').replaceAll('http://127.0.0.1:8080', running.url)
      const { stdout } = await promisify(execFile)('sh', ['-euc', commands], {
        env: { ...process.env, ...environment },
      })
      const { credentials } = JSON.parse(stdout.slice(stdout.indexOf('{"credentials"'))) as {
        credentials: { uri: string }
      }
      const client = new pg.Client({ connectionString: credentials.uri })
      await client.connect()
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await client.end()
    } finally {
      await running.close()
    }
  })

  it('has an offering of an own image that fits into the file', async () => {
    const own = (blocks('yaml')[1] ?? '')
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')
    const loaded = await load(`${blocks('yaml')[0]}${own}`)
    expect(makeOfferings(loaded, engine).map(({ name }) => name)).toEqual(['postgresql', 'redis', 'echo'])
  })
})
