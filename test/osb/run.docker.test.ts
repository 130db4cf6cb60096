import { join } from 'node:path'
import { findEngine } from 'docker-provisioner'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { makeHome, root, startOsb } from './support/run-osb.js'
import { startCollector } from './support/start-collector.js'
import { startDockerBroker, whyNoDockerBroker } from './support/start-docker-broker.js'

let noDocker: string | undefined
let noImages: string | undefined

beforeAll(async () => {
  noImages = await whyNoDockerBroker()
  try {
    await findEngine({ engine: 'docker', folder: '' })
  } catch (error) {
    noDocker = (error as Error).message
  }
})

describe('osb run on Docker', { timeout: 300_000 }, () => {
  it('the collector app runs with a collector of its own', async ({ skip }) => {
    skip(noDocker !== undefined, noDocker)
    const home = makeHome()
    onTestFinished(home.remove)
    const broker = await startCollector('docker')
    onTestFinished(broker.stop)
    const env = { ...home.env, OSB_URL: broker.url, OSB_USERNAME: 'admin', OSB_PASSWORD: broker.password }
    const args = ['run', 'app', '--bind', 'collector:normal', '--json', '--', 'node', 'examples/collector-app']
    const { code, stdout, stderr } = await startOsb(args, env).ended
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^collector-app: wrote 100 records and read the same back/)
    const { ordered } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { ordered: { guid: string }[] }
    expect(ordered).toHaveLength(1)
    expect(await broker.leftovers(ordered.map(({ guid }) => guid))).toEqual([])
  })

  it('an app uses PostgreSQL, MariaDB and Redis of docker-broker by the readers of vcap-services', async ({ skip }) => {
    skip(noImages !== undefined, noImages)
    const home = makeHome()
    onTestFinished(home.remove)
    const broker = await startDockerBroker()
    onTestFinished(broker.stop)
    const env = { ...home.env, OSB_BROKER_PASSWORD: broker.password }
    const osb = async (...args: string[]) => {
      const { code, stdout, stderr } = await startOsb(args, env).ended
      expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' })
      return stdout
    }
    await osb('create-service-broker', 'docker', 'admin', broker.url)
    const names = ['postgresql', 'mariadb', 'redis']
    for (const name of names) await osb('enable-service-access', name)
    const binds = names.flatMap((name) => ['--bind', `${name}:small`])
    const app = join(root, 'packages/vcap-services/test/real-use/app.ts')
    const output = await osb('run', 'shop', ...binds, '--', 'node', app)
    expect(JSON.parse(output)).toEqual({
      postgresql: 'written and read',
      mysql: 'written and read',
      redis: 'written and read',
    })
    expect(await broker.leftovers()).toEqual([])
    await osb('delete-service-broker', 'docker')
  })
})
