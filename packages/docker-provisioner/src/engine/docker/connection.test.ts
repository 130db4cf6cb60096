import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connectionOf } from './connection.js'

const folder = mkdtempSync(join(tmpdir(), 'osb-connection-'))
for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, `${name}.pem`), `the ${name}`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const invalid = (text: string | RegExp) =>
  expect.objectContaining({ code: 'INVALID_RECIPE', message: expect.stringMatching(text) as string }) as Error

describe('connectionOf', () => {
  it.each([
    ['nothing', {}, true],
    ['a socket', { DOCKER_HOST: 'unix:///run/x.sock' }, true],
    ['ssh', { DOCKER_HOST: 'ssh://host' }, false],
  ])('leaves %s in the environment to dockerode', (_what, environment, local) => {
    expect(connectionOf({}, environment)).toEqual({ options: undefined, local })
  })

  it('a socket path given overrules the whole environment', () => {
    const environment = { DOCKER_HOST: 'tcp://elsewhere:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' }
    const { options, local } = connectionOf({ socketPath: '/run/x.sock' }, environment)
    expect(options).toMatchObject({ socketPath: '/run/x.sock', host: undefined, protocol: 'http', ca: undefined })
    expect(local).toBe(true)
  })

  it.each([
    ['tcp://docker.example.com:2377', { host: 'docker.example.com', port: 2377 }],
    ['docker.example.com', { host: 'docker.example.com', port: 2376 }],
    ['tcp://[::1]:2376', { host: '::1', port: 2376 }],
  ])('DOCKER_HOST=%s with certificates is TLS', (host, expected) => {
    const environment = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
    const { options, local } = connectionOf({}, environment)
    expect(options).toMatchObject({ ...expected, protocol: 'https', key: Buffer.from('the key') })
    expect(local).toBe(false)
  })

  it('refuses TCP without client certificates, and says what to do', () => {
    expect(() => connectionOf({}, { DOCKER_HOST: 'tcp://127.0.0.1:2375' })).toThrow(invalid(/set DOCKER_TLS_VERIFY=1/))
    const unreadable = { DOCKER_HOST: 'tcp://a', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'none') }
    expect(() => connectionOf({}, unreadable)).toThrow(invalid(/ca\.pem cannot be read \(ENOENT\)/))
    const tcp = { host: 'a', ca: '', cert: '', key: '' }
    expect(() => connectionOf({ tcp, socketPath: '/x' }, {})).toThrow(invalid('not both'))
  })
})
