import { describe, expect, it } from 'vitest'
import { portOpen } from '../ready/port-open.js'
import { containerRecipe } from './container-recipe.js'
import { defineRecipe } from './recipe.js'
import { redisRecipe } from './redis-recipe.js'

const good = {
  name: 'x',
  image: 'x:1',
  ports: { http: 80 },
  ready: portOpen('http'),
  plans: { small: {} },
  bind: async () => ({}),
}
const place = {
  engine: 'docker' as const,
  host: '0.0.0.0',
  ports: { http: 80, redis: 6379 },
  paths: { data: '/data', secrets: '/run/secrets' },
}

describe('defineRecipe', () => {
  it.each([
    ['a name with odd characters', { name: 'X y' }],
    ['no plan', { plans: {} }],
    ['a relative volume path', { volumes: { data: 'data' } }],
    ['a volume named secrets', { volumes: { secrets: '/x' } }],
    ['a port out of range', { ports: { http: 70_000 } }],
  ])('refuses %s', (_what, change) => {
    expect(() => defineRecipe<string>({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_RECIPE' }) as Error,
    )
  })
})

describe('containerRecipe', () => {
  const recipe = containerRecipe({
    ...good,
    command: ['serve', '{{listen.ports.http}}'],
    embedded: { folder: '/program', command: ['node', '{{volumes.data}}'] },
    secrets: ['admin'],
    secretFiles: { key: '{{secrets.admin}}' },
    credentials: { uri: 'http://{{username}}:{{password}}@{{host}}:{{ports.http}}', port: '{{ports.http}}' },
    bind: { command: ['add', '{{username}}'], stdin: '{{password}}' },
  })
  const access = {
    host: 'h',
    ports: { http: 20_001 },
    place,
    secrets: { admin: 'a-secret' },
    database: 'd',
    limits: {},
    signal: AbortSignal.timeout(1_000),
    exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    binding_id: 'b',
    username: 'u',
    password: 'p',
    parameters: {},
  }

  it('runs another command on the embedded engine than in a container', () => {
    expect(recipe.process?.({ place, limits: {}, secrets: {} }).command).toEqual(['serve', '80'])
    expect(recipe.process?.({ place: { ...place, engine: 'embedded' }, limits: {}, secrets: {} }).command).toEqual([
      'node',
      '/data',
    ])
  })

  it('gives secrets to files, stdin and credentials', async () => {
    expect(recipe.secretFiles?.({ secrets: { admin: 'a-secret' } })).toEqual({ key: 'a-secret' })
    const runs: unknown[] = []
    const run = async (...args: unknown[]) => {
      runs.push(args)
      return ''
    }
    const { credentials } = await recipe.bind({ ...access, run })
    expect(runs).toEqual([[['add', 'u'], 'p']])
    expect(credentials).toEqual({ uri: 'http://u:p@h:20001', port: 20_001 })
  })

  it.each(['{{password}}', '{{secrets.admin}}'])('refuses %s in the arguments of a command', async (template) => {
    const leaking = containerRecipe({ ...good, credentials: {}, bind: { command: ['add', template] } })
    await expect(leaking.bind({ ...access, run: async () => '' })).rejects.toMatchObject({ code: 'INVALID_RECIPE' })
  })
})

describe('redisRecipe', () => {
  const recipe = redisRecipe()

  it('has no secret in its command and only a hash of it in its file', () => {
    const admin = 'the-admin-secret'
    expect(JSON.stringify(recipe.process?.({ place, limits: recipe.plans.small, secrets: {} }))).not.toContain(admin)
    expect(recipe.secretFiles?.({ secrets: { admin } })['users.acl']).toMatch(
      /^user default off\nuser osb-admin on #[0-9a-f]{64} /,
    )
  })

  it('logs in and makes users by stdin, and takes anything but OK for a failure', async () => {
    const calls: string[][] = []
    const input = {
      host: 'h',
      ports: { redis: 20_002 },
      place,
      secrets: { admin: 'the-admin-secret' },
      database: 'd',
      limits: {},
      signal: AbortSignal.timeout(1_000),
      exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
      binding_id: 'b',
      username: 'u1',
      password: 'the-password',
      parameters: {},
    }
    const answering =
      (answer: string) =>
      async (command: readonly string[], stdin = '') => {
        calls.push([command.join(' '), stdin])
        return answer
      }
    const { credentials } = await recipe.bind({ ...input, run: answering('OK\nOK\nOK\n') })
    expect(credentials).toMatchObject({ uri: 'redis://u1:the-password@h:20002', port: 20_002 })
    expect(calls[0]?.[0]).toBe('redis-cli -p 6379')
    expect(calls[0]?.[1]).toMatch(
      /^AUTH osb-admin the-admin-secret\nACL SETUSER u1 reset on #[0-9a-f]{64} .*-@admin.*\nACL SAVE\n$/,
    )
    for (const answer of ['OK\nERR no\nOK\n', 'WRONGPASS\nNOAUTH\nNOAUTH\n', 'OK\n', '']) {
      await expect(recipe.bind({ ...input, run: answering(answer) })).rejects.toMatchObject({ code: 'COMMAND_FAILED' })
    }
    await recipe.unbind?.({ ...input, run: answering('OK\n0\nOK\n') })
  })
})
