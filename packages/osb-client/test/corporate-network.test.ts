import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type BrokerClientOptions, createBrokerClient } from '../src/index.js'
import { makeCertificates, type TestCertificates } from './support/certificates.js'
import { forwardProxy } from './support/forward-proxy.js'

const auth = { username: 'u', password: 'hunter2' }
const instance = { instance_id: 'a/b', service_id: 's', plan_id: 'p' }
const made = makeCertificates()
const certificates = made as TestCertificates
const { ca, server, client, selfSigned } = made ?? ({} as TestCertificates)

/** A broker that answers every call with the catalog, on a free loopback port; it ends with the test. */
async function start(target: Server): Promise<number> {
  target.on('request', (request, response) => {
    request.resume()
    const peer = request.socket as TLSSocket
    const subject = peer.encrypted ? peer.getPeerCertificate().subject?.CN : undefined
    const servername = peer.encrypted ? peer.servername : undefined
    response.end(JSON.stringify({ services: [], subject, servername, url: request.url, host: request.headers.host }))
  })
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
  onTestFinished(() => {
    target.closeAllConnections()
    target.close()
  })
  return (target.address() as { port: number }).port
}

const tlsBroker = (options: ServerOptions = server): Promise<number> => start(createHttpsServer(options))

function catalogOf(url: string, options: Partial<BrokerClientOptions> = {}): Promise<unknown> {
  const broker = createBrokerClient({ url, auth, retries: 0, timeoutMs: 10_000, ...options })
  onTestFinished(() => broker.close())
  return broker.catalog()
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)
const unreachable = (code: string) => ({ code: 'BROKER_UNREACHABLE', orphanMitigation: 'none', cause: { code } })
const fingerprintOf = ({ cert }: { cert: string }): string => new X509Certificate(cert).fingerprint256

describe.skipIf(made === undefined)('TLS', () => {
  it('AUTH-02, AUTH-03: trusts a broker whose authority is given, and no other', async () => {
    const url = `https://localhost:${await tlsBroker()}`
    expect(await catalogOf(url, { tls: { ca: ca.cert } })).toMatchObject({ outcome: 'found' })
    expect(await failureOf(catalogOf(url))).toMatchObject(unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))
    const other = { tls: { ca: selfSigned.cert } }
    expect(await failureOf(catalogOf(url, other))).toMatchObject(unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))
  })

  it('AUTH-03: trusts a self-signed certificate that is given as its own authority', async () => {
    const url = `https://localhost:${await tlsBroker(selfSigned)}`
    expect(await catalogOf(url, { tls: { ca: [ca.cert, selfSigned.cert] } })).toMatchObject({ outcome: 'found' })
    const error = await failureOf(catalogOf(url, { tls: { ca: ca.cert } }))
    expect(error).toMatchObject(unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'))
  })

  it('shows its own certificate to a broker that asks for one', async () => {
    const port = await tlsBroker({ ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: true })
    const url = `https://localhost:${port}`
    const tls = { ca: ca.cert, cert: client.cert, key: client.key }
    expect(await catalogOf(url, { tls })).toMatchObject({ body: { subject: 'platform' } })
    expect(await failureOf(catalogOf(url, { tls: { ca: ca.cert } }))).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })

  it('asks for another name than that of the URL, and checks the certificate by it', async () => {
    const url = `https://127.0.0.1:${await tlsBroker()}`
    const tls = { ca: ca.cert, servername: 'broker.test' }
    expect(await catalogOf(url, { tls })).toMatchObject({ body: { servername: 'broker.test' } })
    const error = await failureOf(catalogOf(url, { tls: { ...tls, servername: 'evil.test' } }))
    expect(error).toMatchObject(unreachable('ERR_TLS_CERT_ALTNAME_INVALID'))
  })

  it('believes a pinned certificate alone, though its authority is trusted', async () => {
    const url = `https://localhost:${await tlsBroker()}`
    const pinned = { ca: ca.cert, fingerprint256: [fingerprintOf(selfSigned), fingerprintOf(server).toLowerCase()] }
    expect(await catalogOf(url, { tls: pinned })).toMatchObject({ outcome: 'found' })
    const wrong = { ca: ca.cert, fingerprint256: fingerprintOf(client) }
    const broker = createBrokerClient({ url, auth, tls: wrong, retries: 0 })
    onTestFinished(() => broker.close())
    const error = await failureOf(broker.provision(instance))
    expect(error).toMatchObject(unreachable('ERR_OSB_CERT_NOT_PINNED'))
  })

  it('a pin does not stand for trust, and not for the name', async () => {
    const tls = { fingerprint256: fingerprintOf(server) }
    const url = `https://localhost:${await tlsBroker()}`
    expect(await failureOf(catalogOf(url, { tls }))).toMatchObject(unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))
    const named = { ...tls, ca: ca.cert, servername: 'evil.test' }
    expect(await failureOf(catalogOf(url, { tls: named }))).toMatchObject(unreachable('ERR_TLS_CERT_ALTNAME_INVALID'))
  })

  it('AUTH-01: checks nothing on explicit request, with a warning of the process', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warned.mockRestore())
    const url = `https://127.0.0.1:${await tlsBroker(selfSigned)}`
    expect(await catalogOf(url, { tls: { insecure: true } })).toMatchObject({ outcome: 'found' })
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('is not checked'),
      expect.objectContaining({ code: 'OSB_INSECURE_TLS' }),
    )
  })

  it.each([
    ['a key without a certificate', () => ({ key: client.key }), 'tls.cert and tls.key go together'],
    ['trust and none', () => ({ insecure: true, ca: ca.cert }), 'tls.insecure checks nothing'],
    ['half a pin', () => ({ fingerprint256: 'AB:CD' }), 'tls.fingerprint256 must be 64 hexadecimal digits'],
    ['a path in place of an authority', () => ({ ca: '/etc/ca.pem' }), 'tls.ca must be a certificate in PEM form'],
    ['a key as a certificate', () => ({ ...client, cert: client.key }), 'tls.cert must be a certificate in PEM form'],
  ])('refuses %s', (_name, tls, message) => {
    expect(() => createBrokerClient({ url: 'https://broker.test', auth, tls: tls() })).toThrow(message)
  })
})

describe('a forward proxy, from the environment', () => {
  afterEach(() => vi.unstubAllEnvs())

  function environment(variables: Readonly<Record<string, string>>): void {
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
      vi.stubEnv(name, variables[name])
      vi.stubEnv(name.toUpperCase(), variables[name.toUpperCase()])
    }
  }

  it.skipIf(made === undefined)(
    'is asked for a tunnel to an https broker; TLS is between client and broker',
    async () => {
      const port = await tlsBroker({ ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: true })
      const proxy = await forwardProxy({ login: 'me:secret', hosts: { 'broker.test': '127.0.0.1' } })
      environment({ HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy.port}`, NO_PROXY: 'localhost' })
      const tls = { ca: ca.cert, cert: client.cert, key: client.key, fingerprint256: fingerprintOf(server) }
      const options = { proxy: 'environment', tls } as const
      expect(await catalogOf(`https://broker.test:${port}`, options)).toMatchObject({
        body: { subject: 'platform', servername: 'broker.test' },
      })
      expect(proxy.asked).toEqual([`CONNECT broker.test:${port}`])
      // A broker that NO_PROXY names is reached without it, with the same TLS.
      expect(await catalogOf(`https://localhost:${port}`, options)).toMatchObject({ body: { subject: 'platform' } })
      expect(proxy.asked).toHaveLength(1)
    },
  )

  it.skipIf(made === undefined)('does not make a broker believable that is not', async () => {
    const port = await tlsBroker()
    const proxy = await forwardProxy()
    environment({ https_proxy: `http://127.0.0.1:${proxy.port}` })
    const url = `https://localhost:${port}`
    const proxied = { proxy: 'environment' } as const
    expect(await failureOf(catalogOf(url, proxied))).toMatchObject(unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))
    const pinned = { ...proxied, tls: { ca: certificates.ca.cert, fingerprint256: fingerprintOf(client) } }
    expect(await failureOf(catalogOf(url, pinned))).toMatchObject(unreachable('ERR_OSB_CERT_NOT_PINNED'))
  })

  it('gets the whole request for a plain http broker, ids still encoded', async () => {
    const port = await start(createHttpServer())
    const proxy = await forwardProxy()
    environment({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` })
    const url = `http://127.0.0.1:${port}`
    const broker = createBrokerClient({ url, auth, proxy: 'environment' })
    onTestFinished(() => broker.close())
    expect(await broker.fetchInstance({ instance_id: 'a/b' })).toMatchObject({
      body: { url: '/v2/service_instances/a%2Fb', host: `127.0.0.1:${port}` },
    })
    expect(proxy.asked).toEqual([`GET ${url}/v2/service_instances/a%2Fb`])
  })

  it.skipIf(made === undefined)('that refuses the login is told; nothing can have been created', async () => {
    const proxy = await forwardProxy({ login: 'me:secret' })
    environment({ HTTPS_PROXY: `http://me:wrong@127.0.0.1:${proxy.port}` })
    const broker = createBrokerClient({ url: 'https://broker.test', auth, proxy: 'environment', retries: 0 })
    onTestFinished(() => broker.close())
    const error = await failureOf(broker.provision(instance))
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE', orphanMitigation: 'none' })
    expect(String(error)).toContain('407')
    expect(String(error)).not.toContain('wrong')
    environment({ HTTP_PROXY: `http://me:wrong@127.0.0.1:${proxy.port}` })
    const plain = createBrokerClient({ url: 'http://broker.test', auth, proxy: 'environment', retries: 0 })
    onTestFinished(() => plain.close())
    expect(await failureOf(plain.provision(instance))).toMatchObject({
      code: 'BROKER_UNREACHABLE',
      orphanMitigation: 'none',
      message: expect.stringContaining('407') as unknown,
    })
  })

  it('that is not there is told; nothing can have been created', async () => {
    environment({ HTTP_PROXY: 'http://127.0.0.1:1' })
    const broker = createBrokerClient({ url: 'http://broker.test', auth, proxy: 'environment', retries: 0 })
    onTestFinished(() => broker.close())
    expect(await failureOf(broker.provision(instance))).toMatchObject(unreachable('ECONNREFUSED'))
  })

  it('whose variable holds no URL is a mistake, and its password is not repeated', () => {
    environment({ HTTPS_PROXY: 'me:hunter2@proxy' })
    const options = { url: 'https://broker.test', auth, proxy: 'environment' } as const
    expect(() => createBrokerClient(options)).toThrow(
      new TypeError('proxy: HTTP_PROXY or HTTPS_PROXY is not the URL of a proxy'),
    )
  })

  it('is not used unasked', async () => {
    const port = await start(createHttpServer())
    environment({ HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' })
    expect(await catalogOf(`http://127.0.0.1:${port}`)).toMatchObject({ outcome: 'found' })
  })

  it('goes with no other way to send', () => {
    const wrong = { url: 'http://broker.test', auth, proxy: 'environment', fetch: globalThis.fetch } as const
    expect(() => createBrokerClient(wrong)).toThrow('leave dispatcher and fetch out')
    expect(() => createBrokerClient({ ...wrong, fetch: undefined, proxy: 'http://proxy' as never })).toThrow(
      "proxy must be 'environment'",
    )
  })
})
