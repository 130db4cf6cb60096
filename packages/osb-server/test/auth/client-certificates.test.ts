import { X509Certificate } from 'node:crypto'
import { createServer, request as httpsRequest, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { clientCertificateAuth, type ClientCertificateAuthOptions, toNodeHandler } from 'osb-server/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientNames, makeCertificates, type TestCertificate, type TestCertificates } from '../support/certificates.js'
import { fakeBroker, instance } from '../support/wire.js'

const made = makeCertificates()
const certificates = made as TestCertificates
const servers: Server[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const fetchInstance = vi.fn(async () => ({ outcome: 'found', body: {} }) as const)
const verify: ClientCertificateAuthOptions['verify'] = ({ subject }) => subject['CN']?.[0]

/** A TLS server that asks for a certificate, and lets connections without a good one reach the broker. */
async function listen(options: Partial<ClientCertificateAuthOptions> = {}): Promise<number> {
  const broker = fakeBroker({ fetchInstance }, { auth: clientCertificateAuth({ verify, ...options }) })
  const tls = { ...certificates.server, ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: false }
  const server = createServer(tls, toNodeHandler(broker))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function get(port: number, own?: TestCertificate, forwarded?: string): Promise<number | undefined> {
  const headers = {
    'x-broker-api-version': '2.17',
    ...(forwarded === undefined ? {} : { 'x-forwarded-client-cert': forwarded }),
  }
  const options = { host: '127.0.0.1', port, path: instance, headers, ca: certificates.ca.cert, agent: false, ...own }
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (response) => resolve(response.resume().statusCode))
    request.on('error', reject).end()
  })
}

const base64Of = ({ cert }: TestCertificate) => cert.replace(/-----[^-]+-----|\s/g, '')
const escaped = ({ cert }: TestCertificate) => encodeURIComponent(cert)

// The reason has been printed.
describe.skipIf(made === undefined)('client certificates on TLS connections', () => {
  it('AUTH-05: let their owner in, by the name that verify gives', async () => {
    expect(await get(await listen(), certificates.client)).toBe(200)
    expect(fetchInstance).toHaveBeenLastCalledWith(
      expect.anything(),
      expect.objectContaining({ principal: 'cloud_controller' }),
    )
  })

  it('are handed to verify with subject, names and fingerprint', async () => {
    const seen = vi.fn(() => 'x')
    await get(await listen({ verify: seen }), certificates.client)
    const fingerprint = new X509Certificate(certificates.client.cert).fingerprint256.replaceAll(':', '').toLowerCase()
    expect(seen).toHaveBeenCalledWith(
      expect.objectContaining({
        subject: { CN: ['cloud_controller'], OU: ['cf'] },
        alternativeNames: clientNames,
        fingerprint,
      }),
    )
  })

  it('AUTH-07: are asked for with 401: missing, signed by a stranger, or refused by verify', async () => {
    const port = await listen()
    expect(await get(port)).toBe(401)
    expect(await get(port, certificates.stranger)).toBe(401)
    expect(await get(await listen({ verify: () => undefined }), certificates.client)).toBe(401)
  })

  it('do not count in a header unless proxies are configured, nor from others than those', async () => {
    for (const port of [await listen(), await listen({ forwarded: { proxies: ['10.0.0.0/8', '::1'] } })]) {
      expect(await get(port, undefined, base64Of(certificates.client))).toBe(401)
      expect(await get(port, certificates.stranger, base64Of(certificates.client))).toBe(401)
    }
  })
})

describe.skipIf(made === undefined)('client certificates that a proxy forwards', () => {
  const forwarded = { proxies: ['127.0.0.0/8'] }

  it.each([
    ['Cloud Foundry', () => base64Of(certificates.client)],
    ['nginx', () => escaped(certificates.client)],
    ['Envoy', () => `By=spiffe://x;Hash=ab;Cert="${escaped(certificates.client)}";Subject="CN=a,OU=\\"b;c\\"";URI=`],
  ])('let their owner in as %s sends them', async (_proxy, header) => {
    expect(await get(await listen({ forwarded }), undefined, header())).toBe(200)
  })

  it('can come in another header', async () => {
    const auth = clientCertificateAuth({ verify, forwarded: { ...forwarded, header: 'X-SSL-Client' } })
    const header = (wanted: string) => (name: string) => (name === wanted ? base64Of(certificates.client) : undefined)
    const from = { remoteAddress: '127.0.0.1' }
    expect(await auth.authenticate({ ...from, header: header('x-ssl-client') })).toBeDefined()
    expect(await auth.authenticate({ ...from, header: header('x-forwarded-client-cert') })).toBeUndefined()
  })

  it("are never taken from the proxy's own connection", async () => {
    expect(await get(await listen({ forwarded }), certificates.client)).toBe(401)
  })

  it.each([
    ['nothing', () => ''],
    ['no certificate', () => 'aGVsbG8='],
    ['no Base64', () => '%%%'],
    ['two certificates', () => `${base64Of(certificates.client)}, ${base64Of(certificates.client)}`],
    ['two elements of Envoy', () => `Hash=ab;URI=x,Cert="${escaped(certificates.client)}"`],
    [
      'two certificates of Envoy',
      () => `Cert="${escaped(certificates.client)}";Cert="${escaped(certificates.client)}"`,
    ],
    ['an element of Envoy without one', () => 'Hash=ab;Subject="CN=cloud_controller"'],
    ['one within a quoted subject', () => `Hash=ab;Subject="x;Cert=${base64Of(certificates.client)}"`],
  ])('are refused when the header has %s', async (_what, header) => {
    expect(await get(await listen({ forwarded }), undefined, header())).toBe(401)
  })

  it.each(['2001-01-01', '2101-01-01'])('count in their time of validity only, not in %s', async (now) => {
    const auth = clientCertificateAuth({ verify, forwarded })
    const header = () => base64Of(certificates.client)
    const request = { header, remoteAddress: '::ffff:127.0.0.1' }
    expect(await auth.authenticate(request)).toEqual({ principal: 'cloud_controller' })
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
    expect(await auth.authenticate(request)).toBeUndefined()
  })
})

it.each(['', 'proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '10.0.0/8'])(
  'refuses to trust %j as a proxy',
  (proxy) => {
    expect(() => clientCertificateAuth({ verify, forwarded: { proxies: [proxy] } })).toThrow(TypeError)
  },
)
