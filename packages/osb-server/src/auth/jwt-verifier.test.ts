import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isOsbError } from '../errors.js'
import { secret } from '../secret.js'
import { type JwtClaims, jwtVerifier, type JwtVerifierOptions, type KeySource } from './jwt-verifier.js'

const issuer = 'https://uaa.example/oauth/token'
const audience = 'broker'
const { publicKey, privateKey } = await generateKeyPair('RS256')
const { privateKey: otherKey } = await generateKeyPair('RS256')
const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' } as { kty: string }
const sharedSecret = 'a shared secret of more than 32 bytes'

interface Made {
  readonly claims?: Record<string, unknown>
  readonly kid?: string
  readonly key?: Parameters<SignJWT['sign']>[0]
  readonly alg?: string
}

function token({ claims = {}, kid = 'one', key = privateKey, alg = 'RS256' }: Made = {}): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const all = { iss: issuer, aud: audience, sub: 'cf', exp: nowSeconds + 600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg, kid }).sign(key)
}

const make = (source: KeySource, more: Partial<JwtVerifierOptions> = {}) =>
  jwtVerifier({ issuer, audience, ...source, ...more })
const set = { jwks: { keys: [jwk] } }

describe('jwtVerifier', () => {
  it('lets a token in that is right, by its subject', async () => {
    expect(await make(set)(await token())).toBe('cf')
    expect(await make({ key: jwk })(await token())).toBe('cf')
    expect(await make(set, { audience: ['other', audience] })(await token({ claims: { aud: ['x', audience] } }))).toBe(
      'cf',
    )
  })

  it('takes a shared secret', async () => {
    const signed = await token({ alg: 'HS256', key: new TextEncoder().encode(sharedSecret) })
    expect(await make({ key: secret(sharedSecret) })(signed)).toBe('cf')
  })

  it.each([
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'another-broker' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['a time that is over', { claims: { exp: 1 } }],
    ['no end', { claims: { exp: undefined } }],
    ['a time that is to come', { claims: { nbf: 4e9 } }],
    ['an unknown key', { kid: 'two' }],
    ['another key', { key: otherKey }],
    ['no subject', { claims: { sub: undefined } }],
  ] as [string, Made][])('refuses a token with %s', async (_what, made) => {
    expect(await make(set)(await token(made))).toBeUndefined()
  })

  it('refuses what is no token, and one that is not signed', async () => {
    const unsigned = new UnsecuredJWT({ sub: 'cf' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('1h')
      .encode()
    for (const text of ['', 'x', 'a.b.c', unsigned])
      expect([await make(set)(text), await make({ key: jwk })(text)]).toEqual([undefined, undefined])
  })

  it('refuses a token that was signed with the text of the public key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const pem = rsa.export({ type: 'spki', format: 'pem' })
    const forged = await token({ alg: 'HS256', key: Buffer.from(pem) })
    expect(await make({ key: rsa })(forged)).toBeUndefined()
  })

  it('asks principalOf, which can refuse', async () => {
    const principalOf = vi.fn(({ scope }: JwtClaims) =>
      Array.isArray(scope) && scope.includes('broker.use') ? 'allowed' : undefined,
    )
    const verify = make(set, { principalOf })
    expect(await verify(await token({ claims: { scope: ['broker.use'] } }))).toBe('allowed')
    expect(await verify(await token())).toBeUndefined()
    expect(await verify(await token({ claims: { exp: 1, scope: ['broker.use'] } }))).toBeUndefined()
    expect(principalOf).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['issuer', { ...set, issuer: '' }],
    ['issuer', { ...set, issuer: undefined as never }],
    ['audience', { ...set, audience: [] }],
    ['https', { jwksUrl: 'http://uaa.example/token_keys' }],
    ['32 bytes', { key: secret('too short') }],
  ])('names %s when it refuses to start', (what, options) => {
    expect(() => jwtVerifier({ issuer, audience, ...options })).toThrow(what)
  })
})

describe('the key set of an issuer', () => {
  const answer = vi.fn<() => { status: number; body: string }>()
  const server = createServer((_request, response) => {
    const { status, body } = answer()
    response.writeHead(status).end(body)
  })
  afterEach(() => {
    server.close()
    answer.mockReset()
  })
  async function verifier() {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return make({ jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token_keys` })
  }

  it('is fetched once', async () => {
    answer.mockReturnValue({ status: 200, body: JSON.stringify(set.jwks) })
    const verify = await verifier()
    for (let time = 0; time < 3; time++) expect(await verify(await token())).toBe('cf')
    expect(await verify(await token({ kid: 'two' }))).toBeUndefined()
    expect(answer).toHaveBeenCalledTimes(1)
  })

  it.each([
    [500, 'no'],
    [200, 'no JSON'],
    [200, '{"keys":1}'],
  ])('gives a 503 with its cause while it is %i %j', async (status, body) => {
    answer.mockReturnValue({ status, body })
    const error: unknown = await Promise.resolve((await verifier())(await token())).catch((thrown: unknown) => thrown)
    expect(isOsbError(error) && [error.status, error.cause instanceof Error]).toEqual([503, true])
  })

  it('gives a 503 while it cannot be reached', async () => {
    const verify = await verifier()
    server.close()
    await expect(verify(await token())).rejects.toMatchObject({ status: 503 })
  })
})
