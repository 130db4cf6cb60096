import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstFile } from '../command/first-file.js'
import { readBrokerFile } from './read-broker-file.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-file-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const environment = { OSB_PASSWORD: 'the-password', OSB_ENCRYPTION_KEY: 'the-key' }

async function read(text: string, variables: Readonly<Record<string, string>> = environment) {
  const file = join(folder, 'broker.yaml')
  await writeFile(file, text)
  return readBrokerFile(file, variables)
}

/** The complaints without the file's name. */
async function complaints(text: string, variables?: Readonly<Record<string, string>>): Promise<string[]> {
  const error: unknown = await read(text, variables).catch((reason: unknown) => reason)
  return String((error as Error).message)
    .replaceAll(`${join(folder, 'broker.yaml')}:`, '')
    .split('\n')
}

describe('readBrokerFile', () => {
  it('reads the file that init writes', async () => {
    const { config, password, encryptionKey, path } = await read(firstFile())
    expect(config.offerings[0]).toMatchObject({ recipe: 'postgresql', plans: [{ memoryMb: 512 }, { cpus: 2 }] })
    expect([password, encryptionKey, path('./broker.db')]).toEqual([
      'the-password',
      'the-key',
      join(folder, 'broker.db'),
    ])
  })

  it.each([
    ['a wrong type', 'memoryMb: 512', 'memoryMb: lots', /^23:19: offerings\.0\.plans\.0\.memoryMb: .*expected number/],
    [
      'a setting that is none',
      'cpus: 0.5',
      'cpu: 0.5',
      /^24:14: offerings\.0\.plans\.0\.cpu: there is no such setting/,
    ],
    ['a recipe that is none', 'recipe: postgresql', 'recipe: postgres', /^12:13: offerings\.0\.recipe: /],
    [
      'a setting that is missing',
      'description: A PostgreSQL server with one database',
      '',
      /offerings\.0\.description: .*string/,
    ],
    [
      'a store that is none',
      'sqlite: ./broker.db',
      'sqlit: ./broker.db',
      /6:17: store\.sqlit: there is no such setting/,
    ],
    ['no name', 'name: docker-broker', 'name: Docker Broker', /^3:7: name: must be a-z/],
    ['YAML that is none', 'tags: [postgresql, sql]', 'tags: [postgresql, sql', /^\d+:\d+: /],
    [
      'a password twice',
      "password: '${OSB_PASSWORD}'",
      'password: a, passwordFile: b',
      /^\d+:\d+: login\.password: give it or passwordFile/,
    ],
    ['no password', ", password: '${OSB_PASSWORD}'", '', /login\.password: give it, or passwordFile/],
    [
      'a file that is missing',
      "password: '${OSB_PASSWORD}'",
      'passwordFile: ./none',
      /login\.passwordFile: the file cannot be read \(ENOENT\)/,
    ],
  ])('says where and what: %s', async (_what, before, after, complaint) => {
    const text = firstFile()
    expect(text).toContain(before)
    expect((await complaints(text.replace(before, after))).join('\n')).toMatch(complaint)
  })

  it('names every variable that is missing, and no value', async () => {
    expect(await complaints(firstFile(), {})).toEqual([
      '5:40: login.password: the environment has no variable OSB_PASSWORD and no OSB_PASSWORD_FILE',
      '7:16: encryptionKey: the environment has no variable OSB_ENCRYPTION_KEY and no OSB_ENCRYPTION_KEY_FILE',
    ])
    const wrong = firstFile().replace('password:', 'pass:')
    expect((await complaints(wrong)).join()).not.toContain('the-password')
  })

  it('takes the file that a variable with _FILE names, and says when it cannot', async () => {
    const file = join(folder, 'key')
    await writeFile(file, 'key-of-a-file\n')
    const { encryptionKey } = await read(firstFile(), { OSB_PASSWORD: 'x', OSB_ENCRYPTION_KEY_FILE: file })
    expect(encryptionKey).toBe('key-of-a-file')
    expect(await complaints(firstFile(), { OSB_PASSWORD: 'x', OSB_ENCRYPTION_KEY_FILE: `${file}s` })).toEqual([
      '7:16: encryptionKey: the file that OSB_ENCRYPTION_KEY_FILE names cannot be read (ENOENT)',
    ])
  })

  it('takes a port from the environment, and secrets from files', async () => {
    await writeFile(join(folder, 'secret'), 'from-a-file\n')
    const text = firstFile()
      .replace('port: 8080', "port: '${PORT}'")
      .replace("password: '${OSB_PASSWORD}'", 'passwordFile: ./secret')
    const { config, password } = await read(text, { ...environment, PORT: '9000' })
    expect([config.listen.port, password]).toEqual([9000, 'from-a-file'])
  })
})
