import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { whyNoDocker } from '../../../test/support/docker-answers.js'
import { archive } from '../../images/archive.js'
import { dockerEngine } from './docker-engine.js'

const execute = promisify(execFile)
const reason = await whyNoDocker()
const run = randomUUID()
const engine = dockerEngine()
let folder: string

const references: string[] = []
/** An image of a few bytes that no other has. */
async function makeImage(name: string): Promise<string> {
  const reference = `osb-test/archive-${run}:${name}`
  const tar = () => Readable.from(archive([{ name: 'content', text: randomUUID() }]))
  await engine.ensureImage(async () => ({ reference, kind: 'rootfs', tar }))
  references.push(reference)
  return reference
}
const remove = (reference: string) => execute('docker', ['image', 'rm', '--force', reference])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-archive-'))
})
afterAll(async () => {
  for (const reference of references) await remove(reference)
  await rm(folder, { recursive: true, force: true })
})

describe('images of the Docker engine', { timeout: 60_000 }, () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })

  it.each([
    ['tar', undefined],
    ['gz', 'gzip'],
    ['bz2', 'bzip2'],
    ['xz', 'xz'],
  ])('load from an archive of `docker save`: %s', async (name, packer) => {
    const reference = await makeImage(name)
    const plain = join(folder, `${name}-image.tar`)
    await execute('docker', ['save', '--output', plain, reference])
    if (packer) await execute(packer, [plain])
    await remove(reference)
    expect(await engine.hasImage(reference)).toBe(false)
    const file = packer ? `${plain}.${name}` : plain
    expect(await engine.ensureImage({ reference, archive: file })).toBe(reference)
    expect(await engine.hasImage(reference)).toBe(true)
  })

  it('policies: never fetches nothing, always fetches what is there, missing leaves it alone', async () => {
    const reference = await makeImage('policy')
    for (const policy of ['never', 'missing'] as const) {
      expect(await engine.ensureImage({ reference, policy, archive: join(folder, 'nothing') })).toBe(reference)
    }
    await expect(
      engine.ensureImage({ reference, policy: 'always', archive: join(folder, 'nothing') }),
    ).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE', message: expect.stringMatching(/ENOENT.*nothing/) as string })
    await expect(engine.ensureImage({ reference: `${reference}-absent`, policy: 'never' })).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      message: expect.stringContaining('policy is never') as string,
    })
  })

  it('an archive without the image is IMAGE_UNAVAILABLE, and what is no archive too', async () => {
    const reference = await makeImage('other')
    const file = join(folder, 'other.tar')
    await execute('docker', ['save', '--output', file, reference])
    const absent = `osb-test/archive-${run}:absent`
    await expect(engine.ensureImage({ reference: absent, archive: file })).rejects.toThrow(/not there after/)
    await writeFile(file, 'no archive')
    await expect(engine.ensureImage({ reference: absent, archive: file })).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
    })
  })
})

it('a pull tells its progress, sends the login as a header only, and checks that the image is there', async () => {
  const socketPath = join(folder, 'docker.sock')
  const requests: { url: string; auth: unknown }[] = []
  let pulled = false
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', auth: request.headers['x-registry-auth'] })
    if (request.url?.includes('/images/create')) {
      pulled = request.url.includes('fromImage=good')
      response.write('{"status":"Downloading","id":"a","progressDetail":{"current":2097152,"total":4194304}}\r\n')
      response.end('{"status":"Download complete","id":"a","progressDetail":{}}\r\n')
    } else response.writeHead(pulled ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  }).listen(socketPath)
  try {
    const fake = dockerEngine({ socketPath })
    const reports: string[] = []
    const login = { username: 'robot', password: 'registry-secret' }
    const reference = `good@sha256:${'a'.repeat(64)}`
    await fake.ensureImage({ reference, login }, { onProgress: (text) => reports.push(text) })
    expect(reports).toEqual([expect.stringMatching(/^[01] of 1 layers done/)])
    const pull = requests.find(({ url }) => url.includes('/images/create'))
    expect(pull?.url).toContain(`tag=${encodeURIComponent(`sha256:${'a'.repeat(64)}`)}`)
    expect(JSON.stringify(requests.map(({ url }) => url))).not.toContain('registry-secret')
    expect(Buffer.from(String(pull?.auth), 'base64').toString()).toContain('registry-secret')
    pulled = false
    await expect(fake.ensureImage('bad:1')).rejects.toThrow(/not there after it was fetched/)
  } finally {
    server.close()
  }
})
