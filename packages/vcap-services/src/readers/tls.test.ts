import { describe, expect, it } from 'vitest'
import {
  readMongodb,
  readMysql,
  readPostgres,
  readRabbitmq,
  readRedis,
  readSmtp,
  toAmqplibOptions,
  toIoredisOptions,
  toMongodbOptions,
  toMysql2Options,
  toNodemailerOptions,
  toPgOptions,
  type TlsOptions,
} from '../readers.js'
import { PEM, pemOnOneLine } from '../../test/support/pem-samples.js'
import { toPem } from './pem.js'

/** What each driver is told about TLS; undefined for none. */
function tlsOfAll(credentials: Record<string, unknown>): Record<string, TlsOptions | undefined> {
  const holder = { credentials: { host: 'h', ...credentials } }
  const { tls, ...mongodb } = toMongodbOptions(readMongodb(holder)).options
  const { url, socketOptions } = toAmqplibOptions(readRabbitmq(holder))
  return {
    mysql2: toMysql2Options(readMysql(holder)).ssl,
    pg: toPgOptions(readPostgres(holder)).ssl || undefined,
    ioredis: toIoredisOptions(readRedis(holder)).tls,
    amqplib: url.protocol === 'amqps' ? (socketOptions as TlsOptions) : undefined,
    nodemailer: toNodemailerOptions(readSmtp(holder)).tls,
    mongodb: tls ? { ...mongodb, rejectUnauthorized: !mongodb.tlsAllowInvalidCertificates } : undefined,
  }
}

const key = PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')

describe('TLS is decided in the same way for every driver', () => {
  it.each([
    [{}],
    [{ ssl: false }],
    [{ ssl: 'false' }],
    [{ tls: 'disabled' }],
    [{ sslmode: 'disable', cacert: PEM }],
    [{ ssl_mode: 'DISABLED' }],
    [{ useSSL: 0 }],
    [{ sslmode: 'prefer' }],
    [{ tls_enabled: 'no' }],
  ])('off: %j', (credentials) => {
    expect(Object.values(tlsOfAll(credentials)).filter((tls) => tls !== undefined)).toEqual([])
  })

  it.each([
    [{ ssl: true }, {}],
    [{ tls: 'true' }, {}],
    [{ tls: {} }, {}],
    [{ sslmode: 'require' }, {}],
    [{ 'ssl-mode': 'VERIFY_IDENTITY' }, {}],
    [{ sslRequired: 1 }, {}],
    [{ ca_cert: PEM }, { ca: PEM }],
    [{ caCert: PEM.replaceAll('\n', String.raw`\n`) }, { ca: PEM }],
    [{ CaCert: pemOnOneLine, ssl: 'yes' }, { ca: PEM }],
    [
      { ClientCert: PEM, ClientKey: key },
      { cert: PEM, key },
    ],
    [{ tls: { cert: { ca: PEM } } }, { ca: PEM }],
    [{ sslmode: 'verify-ca' }, { verify: 'ca' }],
    [{ sslmode: 'no-verify' }, { rejectUnauthorized: false }],
    [{ ssl: true, rejectUnauthorized: false }, { rejectUnauthorized: false }],
    [{ ssl: true, tls_insecure: 'true' }, { rejectUnauthorized: false }],
  ])('on: %j', (credentials, { verify, ...expected }: Partial<TlsOptions> & { verify?: string }) => {
    for (const [driver, tls] of Object.entries(tlsOfAll(credentials))) {
      expect(tls, driver).toMatchObject({ rejectUnauthorized: true, ...expected })
      const isNameChecked =
        driver === 'mongodb' ? !('tlsAllowInvalidHostnames' in tls!) : !('checkServerIdentity' in tls!)
      if (tls?.rejectUnauthorized) expect(isNameChecked, driver).toBe(verify !== 'ca')
    }
  })

  it('mysql2 is told to compare the name of the host, which it does not do by itself', () => {
    const ssl = (sslmode: string) => toMysql2Options(readMysql({ credentials: { host: 'h', sslmode } })).ssl
    expect([ssl('require'), ssl('verify-ca')].map((options) => options?.verifyIdentity)).toEqual([true, false])
  })
})

describe('[54] toPem', () => {
  it.each([
    ['as it stands', PEM],
    ['with \\n', PEM.replaceAll('\n', String.raw`\n`)],
    ['with \\r\\n', PEM.replaceAll('\n', String.raw`\r\n`)],
    ['with CRLF', PEM.replaceAll('\n', '\r\n')],
    ['on one line', pemOnOneLine],
    ['with spaces for line breaks', PEM.trim().replaceAll(/(?<=-|\w{64})\n/g, ' ')],
    ['as base64', Buffer.from(PEM).toString('base64')],
    ['with text around it', `subject=x\n${PEM}end`],
  ])('%s', (_case, text) => {
    expect(toPem(text)).toBe(PEM)
  })

  it('keeps a chain, and the headers of an encrypted key', () => {
    expect(toPem(`${PEM}${pemOnOneLine}`)).toBe(PEM + PEM)
    const encrypted = '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nabc\n-----END RSA PRIVATE KEY-----\n'
    expect(toPem(encrypted)).toBe(encrypted)
  })

  it.each([undefined, null, 7, '', '/etc/ssl/ca.pem', 'REDACTED', '-----BEGIN CERTIFICATE-----'])(
    '%j is none',
    (value) => {
      expect(toPem(value)).toBeNull()
    },
  )
})
