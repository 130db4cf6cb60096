import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/broker-file/open-engine.js'
import { readBrokerFile } from '../../src/broker-file/read-broker-file.js'
import type { LogLine } from '../../src/broker-file/log-line.js'
import { serveBroker } from '../../src/broker-file/serve-broker.js'
import { runCommand } from '../../src/command/run-command.js'
import { archive } from '../../src/images/archive.js'
import { dockerEngine, labels, postgresqlRecipe } from '../../src/index.js'
import { makeCertificates } from '../support/certificates.js'
import { redisCall } from '../chaos/redis-login.js'
import { testImage, whyNoImage } from '../support/test-image.js'
import { testInstance } from '../support/test-instance.js'

const execute = promisify(execFile)
const reason = await whyNoImage('redis', 'postgresql')
const engine = dockerEngine()
const broker = `files-${randomUUID()}`
const environment = { OSB_PASSWORD: 'huawei', OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64') }
const [service_id, plan_id] = ['be355a87-3368-4e18-b1b8-1698a2c0dae8', '4ea56c2d-abd7-4923-8d3f-703fda4e6693']

/** A whole file; the parts given take the place of its own. */
const fileWith = (parts: Readonly<Record<string, string>> = {}, offering = '', plan = 'memoryMb: 48') => `
name: ${broker}
listen: ${parts['listen'] ?? '{ port: 0 }'}
login: { username: admin, password: '\${OSB_PASSWORD}' }
store: ${parts['store'] ?? '{ sqlite: ./broker.db }'}
encryptionKey: '\${OSB_ENCRYPTION_KEY}'
engine: ${parts['engine'] ?? '{ kind: docker }'}
${parts['more'] ?? ''}
offerings:
  - recipe: redis
    image: ${parts['image'] ?? testImage('redis')}
    id: ${service_id}
    name: redis
    description: Redis
    plans:
      - { id: ${plan_id}, name: small, description: Small, quota: 3, ${plan} }
${offering}`

describe('docker-broker on a Docker engine', { timeout: 120_000 }, () => {
  let folder: string
  let config: string
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-files-'))
    config = join(folder, 'broker.yaml')
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    if (reason !== undefined) return
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
  }, 60_000)

  async function run(...args: string[]) {
    let [out, err] = ['', '']
    const surroundings = {
      environment,
      out: (line: string) => (out += line),
      err: (line: string) => (err += line),
      untilEnded: async () => {},
    }
    const code = await runCommand([...args, '--config', config], surroundings)
    return { code, out, err }
  }

  /** Serves a file while a body runs. */
  async function serving(file: string, body: (url: string, lines: readonly LogLine[]) => Promise<void>) {
    await writeFile(config, file)
    const loaded = await readBrokerFile(config, environment)
    const lines: LogLine[] = []
    const running = await serveBroker(loaded, openEngine(loaded), (line) => lines.push(line))
    try {
      await body(running.url, lines)
    } finally {
      await running.close()
    }
    expect(JSON.stringify(lines)).not.toContain(environment.OSB_PASSWORD)
  }

  /** One line of the founding document, with its host, and its placeholders filled in. @returns status and body */
  async function curl(line: string, url: string) {
    const command = line
      .replace(/https?:\/\/[\d.]+(?=\/v2)/, url)
      .replace(/:abcd|:instance_id/, service_id)
      .replace(/:efgh|:id(?=\?)/, line.includes('service_bindings') ? 'a-binding' : service_id)
      .replace(/8beb9124[\w-]+/, service_id)
      .replace(/plan-guid-here|plan-id-here|4ea56c2d[\w-]+/g, plan_id)
      .replace(/service-guid-here|service-id-here/g, service_id)
    const { stdout } = await execute('sh', ['-c', `${command} -s -w '\\n%{http_code}' -m 60`])
    const [status = '', ...body] = stdout.trim().split('\n').toReversed()
    return { status: Number(status), body: JSON.parse(body.toReversed().join('\n')) as Record<string, unknown> }
  }

  it('lenient takes the curl lines of the founding document, and never a request without a login', async () => {
    const put = `curl -X PUT -d '{"service_id":"be355a87-3368-4e18-b1b8-1698a2c0dae8", "plan_id":"4ea56c2d-abd7-4923-8d3f-703fda4e6693","organization_guid":"be355a87-3368-4e18-b1b8-1698a2c0dae8","space_guid":"be355a87-3368-4e18-b1b8-1698a2c0dae8"}' http://127.0.0.1/v2/service_instances/be355a87-3368-4e18-b1b8-1698a2c0dae8`
    const bind = `curl -X PUT -d '{"plan_id": "plan-guid-here", "service_id": "service-guid-here", "app_guid": "app-guid-here"}' http://127.0.0.1/v2/service_instances/:abcd/service_bindings/:efgh`
    const unbind = `curl -X DELETE 'http://127.0.0.1/v2/service_instances/:instance_id/service_bindings/:id?service_id=service-id-here&plan_id=plan-id-here'`
    const deprovision = `curl -X DELETE 'http://127.0.0.1/v2/service_instances/:id?service_id=service-id-here&plan_id=plan-id-here'`
    const withLogin = (line: string) => line.replace('curl', 'curl -u admin:huawei')

    await serving(fileWith({ more: 'lenient: true' }), async (url) => {
      const catalog = 'curl -X GET http://127.0.0.1/v2/catalog'
      expect((await curl(catalog, url)).status).toBe(401)
      const found = await curl('curl -X GET -u admin:huawei http://127.0.0.1/v2/catalog', url)
      expect(found).toMatchObject({ status: 200, body: { services: [{ id: service_id, name: 'redis' }] } })
      for (const line of [put, bind, unbind, deprovision]) expect((await curl(line, url)).status, line).toBe(401)
      expect((await curl(withLogin(put), url)).status).toBe(201)
      const bound = await curl(withLogin(bind), url)
      expect(bound).toMatchObject({ status: 201, body: { credentials: { host: '127.0.0.1' } } })
      expect(await redisCall(bound.body['credentials'] as { uri: string }, 'PING')).toBe('PONG')

      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        '\nosb_service_instances{offering="redis",plan="small",state="running"} 1\n',
      )
      const { out } = await run('status')
      expect(out).toMatch(
        /^engine: Docker .*\nimage .*redis.* \(redis\): there\nredis small: 1 of 3 instances, 1 running\n$/,
      )
      const one = await run('status', service_id, '--lines', '3')
      expect(one.out).toMatch(/: running, container osbc\w+, redis 127\.0\.0\.1:\d+\n.*\nmemory \d+ MiB, processors/)
      expect(one.out.trim().split('\n')).toHaveLength(6)
      expect(await run('status', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody') as string })

      expect((await curl(withLogin(unbind), url)).status).toBe(200)
      expect((await curl(withLogin(deprovision), url)).status).toBe(200)
      expect(await engine.list({ [labels.broker]: broker })).toEqual([])
    })
  })

  it('serves by TLS with its state in PostgreSQL', async () => {
    const plans = { small: { memoryMb: 128, pids: 64 } }
    const database = testInstance(postgresqlRecipe({ image: testImage('postgresql'), plans }), engine, 'small', {
      broker,
    })
    await database.provision()
    const { uri } = await database.bind<{ uri: string }>('store')
    const { authority, server } = await makeCertificates()
    await writeFile(join(folder, 'key.pem'), server.key, { mode: 0o600 })
    await writeFile(join(folder, 'cert.pem'), server.cert)
    const listen = '{ port: 0, tls: { keyFile: ./key.pem, certificateFile: ./cert.pem } }'
    const auth = `admin:${environment.OSB_PASSWORD}`
    const ask = (address: string, ca: string, method = 'GET', body?: object) =>
      new Promise<number>((resolve, reject) => {
        const headers = { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' }
        const call = request(address, { method, auth, ca, headers }, (response) => {
          text(response).then(() => resolve(response.statusCode ?? 0), reject)
        })
        call.once('error', reject)
        call.end(body && JSON.stringify(body))
      })
    try {
      const file = fileWith({ listen, store: `{ postgres: '${uri}' }`, more: 'lenient: false' })
      const path = `/v2/service_instances/${randomUUID()}`
      const ids = { service_id, plan_id }
      await serving(file, async (url) => {
        expect(url).toMatch(/^https:/)
        expect(await ask(`${url}/v2/catalog`, authority.cert)).toBe(200)
        await expect(ask(`${url}/v2/catalog`, server.cert)).rejects.toThrow(/certificate/)
        const body = { ...ids, organization_guid: 'o', space_guid: 's' }
        expect(await ask(`${url}${path}`, authority.cert, 'PUT', body)).toBe(201)
      })
      // Another life of the broker finds the instance in the database.
      await serving(file, async (url) => {
        expect(await ask(`${url}${path}?${new URLSearchParams(ids).toString()}`, authority.cert, 'DELETE')).toBe(200)
      })
    } finally {
      await database.deprovision()
    }
  })

  it('images export and import carry the images to a host without a registry; serve fetches what is missing', async () => {
    const reference = `osb-test/carried-${broker}:1`
    const tar = () => Readable.from(archive([{ name: 'content', text: randomUUID() }]))
    await engine.ensureImage(async () => ({ reference, kind: 'rootfs', tar }))
    const remove = () => execute('docker', ['image', 'rm', reference])
    try {
      await writeFile(config, fileWith({ image: reference }))
      const file = join(folder, 'images.tar.gz')
      expect(await run('images', 'export', file)).toMatchObject({ code: 0, out: `${reference}\n` })
      expect((await readFile(file)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      await remove()
      expect((await run('status')).out).toContain(`image ${reference} (redis): missing`)
      expect((await run('check')).out).toMatch(/warning: .*is not on the engine; serve fetches it/)
      expect((await run('images', 'import', file)).out).toBe(`${reference}: loaded\n`)
      expect((await run('images', 'import', file)).out).toBe(`${reference}: was there\n`)

      await remove()
      const image = `{ reference: '${reference}', archive: ./images.tar.gz }`
      await serving(fileWith({ image, more: 'prefetch: false' }), async (_url, lines) => {
        expect(lines).toEqual([])
        expect(await engine.hasImage(reference)).toBe(false)
      })
      await serving(fileWith({ image }), async (_url, lines) => {
        await expect.poll(() => lines.map(({ message }) => message)).toContain('fetched the image')
        expect(await engine.hasImage(reference)).toBe(true)
      })
    } finally {
      await remove()
    }
  })

  it('a broker whose store is lost gets its instances back by reconcile --adopt', async () => {
    const file = fileWith({ store: '{ sqlite: ./lost.db }' })
    const id = randomUUID()
    const body = JSON.stringify({ service_id, plan_id, organization_guid: 'o', space_guid: 's' })
    const send = async (url: string, method: string, path: string) => {
      const query = method === 'DELETE' ? `?service_id=${service_id}&plan_id=${plan_id}` : ''
      const answer = await fetch(`${url}/v2/service_instances/${id}${path}${query}`, {
        method,
        headers: {
          Authorization: `Basic ${btoa('admin:huawei')}`,
          'X-Broker-API-Version': '2.17',
          'Content-Type': 'application/json',
        },
        ...(method === 'PUT' && { body }),
      })
      return { status: answer.status, body: (await answer.json()) as { credentials?: { uri: string } } }
    }
    await serving(file, async (url) => {
      expect(await send(url, 'PUT', '')).toMatchObject({ status: 201 })
    })
    for (const end of ['', '-wal', '-shm', '-lock']) await rm(join(folder, `lost.db${end}`), { force: true })
    const dry = await run('reconcile', '--older-than-minutes', '0')
    expect(dry).toMatchObject({ code: 0, err: '' })
    expect(dry.out).toMatch(/^left behind: container .*\n(?:left behind: .*\n)+0 instances on record/)
    const { code, out } = await run('reconcile', '--adopt', '--remove', '--older-than-minutes', '0')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`adopted: ${id}\n`) as string })
    expect(out).not.toContain('removed:')
    await serving(file, async (url) => {
      const bound = await send(url, 'PUT', '/service_bindings/after')
      expect(bound).toMatchObject({ status: 201 })
      expect(await redisCall(bound.body.credentials ?? { uri: '' }, 'PING')).toBe('PONG')
      expect(await send(url, 'DELETE', '/service_bindings/after')).toMatchObject({ status: 200 })
      expect(await send(url, 'DELETE', '')).toMatchObject({ status: 200 })
    })
    expect(await engine.list({ [labels.broker]: broker, [labels.instanceId]: id })).toEqual([])
  })

  it('check says what the engine cannot hold, and what is unwise', async () => {
    const [own = ''] = Object.values(networkInterfaces()).flatMap((found) =>
      (found ?? []).flatMap(({ internal, family, address }) => (internal || family !== 'IPv4' ? [] : [address])),
    )
    const check = async (file: string) => {
      await writeFile(config, file)
      const { out, err } = await run('check')
      return out + err
    }
    expect(await check(fileWith())).toBe(`${config} is good\n`)
    // Whether it can is a matter of the host's file system; the engine's own word is what counts.
    const bounded = await execute('docker', ['volume', 'create', '--opt', 'size=1M', `${broker}-probe`]).then(
      () => execute('docker', ['volume', 'rm', `${broker}-probe`]).then(() => true),
      () => false,
    )
    const disk = await check(fileWith({}, '', 'diskMb: 100'))
    if (bounded) expect(disk).toContain('is good')
    else
      expect(disk).toMatch(
        /error: \S+:\d+:\d+: offerings\.0\.plans\.0\.diskMb: the engine's storage driver cannot bound volumes/,
      )
    expect(
      await check(fileWith({ engine: '{ kind: docker, publishHost: 0.0.0.0, advertiseHost: localhost }' })),
    ).toMatch(/warning: \S+:\d+:\d+: engine\.publishHost: 0\.0\.0\.0 lets every network in/)
    expect(await check(fileWith({ engine: '{ kind: docker, publishHost: 203.0.113.9 }' }))).toMatch(
      /error: \S+:\d+:\d+: engine\.publishHost: 203\.0\.113\.9 is no address of this host/,
    )
    const advertised = `{ kind: docker, publishHost: ${own}, advertiseHost: 127.0.0.1 }`
    expect(await check(fileWith({ engine: advertised }))).toMatch(
      /warning: \S+:\d+:\d+: engine\.advertiseHost: 127\.0\.0\.1 is .*but/,
    )
    expect(await check(fileWith({ engine: '{ kind: docker, network: osb-no-such-network }' }))).toMatch(
      /error: \S+:\d+:\d+: engine\.network: .*docker network create osb-no-such-network/,
    )
    const secret = `
  - recipe: container
    secretsInEnvironment: true
    image: ${testImage('redis')}
    id: own
    name: own
    description: An image of its own
    ports: { main: 80 }
    secrets: [admin]
    env: { PASSWORD: '{{secrets.admin}}' }
    ready: [{ health: true }]
    credentials: {}
    plans: [{ id: own-small, name: small, description: Small }]`
    expect(await check(fileWith({}, secret))).toMatch(
      /warning: \S+:\d+:\d+: offerings\.1\.secretsInEnvironment: everybody.*\n.*is good/,
    )
    expect(await engine.list({ [labels.broker]: broker })).toEqual([])
  })
})
