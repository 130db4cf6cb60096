import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readVcapServices } from '../index.js'
import { readHttp, readMysql, readOauth, readPostgres, readRedis, type CredentialsHolder } from '../readers.js'
import { PEM, pemOnOneLine } from '../../test/support/pem-samples.js'

// The shapes are those of real services: their fields and spellings come from the sources named; the values are ours.

const read =
  <Service>(reader: (holder: { name: string; credentials: Record<string, unknown> }) => Service) =>
  (credentials: Record<string, unknown>) => ({ ...reader({ name: 's', credentials }) })

const verified = { verify: 'full', ca: null, cert: null, key: null }

describe('MySQL and MariaDB', () => {
  const login = { username: 'u', password: 'p', database: 'd' }

  it.each([
    [
      'ClearDB (the founding document, cf-docs): port as text',
      {
        name: 'd',
        hostname: 'h',
        port: '3306',
        username: 'u',
        password: 'p',
        uri: 'mysql://u:p@h:3306/d',
        jdbcUrl: 'jdbc:mysql://u:p@h:3306/d',
      },
      { ...login, host: 'h', port: 3306, tls: null },
    ],
    [
      'p-mysql (java-cfenv): the URI has a parameter of its own',
      {
        hostname: 'h',
        port: 3306,
        name: 'd',
        username: 'u',
        password: 'p',
        uri: 'mysql://u:p@h:3306/d?reconnect=true',
      },
      { ...login, host: 'h', port: 3306, tls: null },
    ],
    [
      'Tanzu with TLS (java-cfenv): the jdbcUrl alone says it',
      {
        hostname: 'h',
        port: 3306,
        name: 'd',
        username: 'u',
        password: 'p',
        uri: 'mysql://u:p@h:3306/d?reconnect=true',
        jdbcUrl:
          'jdbc:mysql://h:3306/d?permitMysqlScheme&user=u&password=p&sslMode=VERIFY_IDENTITY&useSSL=true&requireSSL=true' +
          '&enabledTLSProtocols=TLSv1.2&serverSslCert=/etc/ssl/certs/ca-certificates.crt',
      },
      { ...login, host: 'h', tls: verified },
    ],
    [
      'a certificate as Tanzu nests it',
      { hostname: 'h', username: 'u', password: 'p', name: 'd', tls: { cert: { ca: PEM } } },
      { ...login, host: 'h', tls: { ...verified, ca: PEM } },
    ],
    [
      'Cloud Service Broker (csb-gcp-mysql): all of it in a jdbcUrl',
      { jdbcUrl: 'jdbc:mysql://h:3307/d?user=u&password=p&useSSL=true&requireSSL=true&verifyServerCertificate=false' },
      { ...login, host: 'h', port: 3307, tls: { ...verified, verify: 'none' } },
    ],
    [
      'a user-provided service (spring-boot-local-bind-cf-instance): the login in the query',
      { uri: 'mysql://h:3306/d?user=u&password=p&useSSL=false' },
      { ...login, host: 'h', tls: null },
    ],
    [
      'AppFog: user and username, host and hostname',
      { name: 'd', hostname: 'h', host: 'h', port: 3306, user: 'u', username: 'u', password: 'p' },
      { ...login, host: 'h', port: 3306 },
    ],
    [
      'Google Cloud SQL (java-cfenv): certificates as fields',
      {
        uri: 'mysql://u:p@h/d?sslmode=require',
        sslRootCert: PEM,
        sslCert: PEM,
        sslKey: PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY'),
      },
      {
        ...login,
        port: 3306,
        tls: { verify: 'full', ca: PEM, cert: PEM, key: PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY') },
      },
    ],
    [
      '[56] several hosts (java-cfenv)',
      { uri: 'mysql://u:p@host1:3306,host2:3307/d' },
      {
        ...login,
        host: 'host1',
        hosts: [
          { host: 'host1', port: 3306 },
          { host: 'host2', port: 3307 },
        ],
      },
    ],
    [
      'kf (google/kf#608): host and database',
      {
        Protocol: 'mysql',
        database: 'd',
        host: 'h',
        password: 'p',
        port: '3306',
        uri: 'mysql://root:...@h:3306/d',
        username: 'u',
      },
      { ...login, host: 'h' },
    ],
    [
      '[57] jdbc:mariadb',
      { uri: 'jdbc:mariadb://h/d?user=u&password=a+b' },
      { host: 'h', username: 'u', password: 'a b' },
    ],
    [
      'Azure (databaseLogin)',
      { hostname: 'h', databaseLogin: 'u', databaseLoginPassword: 'p' },
      { username: 'u', password: 'p' },
    ],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readMysql)(credentials)).toMatchObject(expected)
  })
})

describe('PostgreSQL', () => {
  const login = { username: 'u', password: 'p', database: 'd', host: 'h' }

  it.each([
    ['ElephantSQL (cf-docs): a URI alone', { uri: 'postgres://u:p@h:5433/d' }, { ...login, port: 5433, tls: null }],
    [
      'Google Cloud SQL (java-cfenv): capitals and jdbc: before a URI with a login',
      {
        CaCert: PEM,
        Username: 'u',
        Password: 'p',
        UriPrefix: 'jdbc:',
        uri: 'jdbc:postgres://u:p@h/d?sslmode=require&sslrootcert=/ca.pem',
      },
      { ...login, port: 5432, tls: { ...verified, ca: PEM } },
    ],
    [
      'SAP (bulletinboard): dbname, port as text',
      { dbname: 'd', hostname: 'h', password: 'p', port: '5432', uri: 'postgres://u:p@h:5432/d', username: 'u' },
      { ...login, port: 5432 },
    ],
    [
      'SAP with a certificate and no key: one to trust',
      { dbname: 'd', hostname: 'h', password: 'p', username: 'u', sslcert: pemOnOneLine },
      { ...login, tls: { ...verified, ca: PEM } },
    ],
    [
      'Compose (IBM-Cloud/docs): the certificate as base64, ssl=true, name of the deployment',
      {
        uri: 'postgres://u:p@h:1/d?ssl=true',
        ca_certificate_base64: Buffer.from(PEM).toString('base64'),
        name: 'deployment',
      },
      { ...login, tls: { ...verified, ca: PEM } },
    ],
    [
      'GOV.UK PaaS: host, name',
      {
        host: 'h',
        name: 'd',
        port: 5432,
        username: 'u',
        password: 'p',
        jdbcuri: 'jdbc:postgresql://h:5432/d?password=p&ssl=true&user=u',
      },
      { ...login, tls: verified },
    ],
    ['sslmode=disable', { uri: 'postgresql://u:p@h/d?sslmode=disable' }, { ...login, tls: null }],
    [
      'sslmode=verify-ca',
      { uri: 'postgresql://u:p@h/d?sslmode=verify-ca' },
      { ...login, tls: { ...verified, verify: 'ca' } },
    ],
    [
      'sslmode=no-verify',
      { uri: 'postgresql://u:p@h/d?sslmode=no-verify' },
      { ...login, tls: { ...verified, verify: 'none' } },
    ],
    ['sslmode=prefer says nothing', { uri: 'postgresql://u:p@h/d?sslmode=prefer' }, { ...login, tls: null }],
    [
      'a field before a parameter',
      { uri: 'postgresql://u:p@h/d?sslmode=disable', sslmode: 'require' },
      { ...login, tls: verified },
    ],
    ['[58] IPv6', { uri: 'postgres://u:p@[::1]:1/d' }, { ...login, host: '::1', port: 1 }],
    [
      'servicebinding.io: all of it text',
      { host: 'h', port: '5432', username: 'u', password: 'p', database: 'd', ssl: 'true' },
      { ...login, tls: verified },
    ],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readPostgres)(credentials)).toMatchObject(expected)
  })
})

describe('[53] what is not usable', () => {
  it.each([
    [readMysql, {}, '/host', 'missing'],
    [readMysql, { host: 'h', port: 'abc' }, '/port', 'not a port'],
    [readMysql, { host: 'h', port: 70_000 }, '/port', 'not a port'],
    [readPostgres, { uri: 'postgres://h:0/d' }, '/port', 'not a port'],
    [readPostgres, { uri: 'mysql://h/d' }, '/host', 'missing'],
    [readRedis, { host: 'h', db: 'SECRET' }, '/database', 'not a number'],
    [readOauth, { clientid: 'c' }, '/url', 'missing'],
    [readOauth, { url: 'https://h' }, '/clientid', 'missing'],
    [readHttp, { uri: 'mysql://SECRET@h' }, '/uri', 'missing'],
    [readHttp, { uri: 'https://?SECRET' }, '/uri', 'not a URL'],
  ])('%# %o', (reader: (holder: CredentialsHolder) => unknown, credentials, path, found) => {
    expect(() => reader({ name: 's', credentials: { ...credentials } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        issues: [{ path, found }],
        message: `the credentials of "s" do not fit: ${path} (${found})`,
      }),
    )
  })

  it('a blank port is none', () => {
    expect(readMysql({ credentials: { host: 'h', port: '' } }).port).toBe(3306)
  })

  it('a CredHub reference is its own error', () => {
    const services = readVcapServices({ value: { mysql: [{ name: 'db', credentials: { 'credhub-ref': '/c/x' } }] } })
    expect(() => readMysql(services.get('db'))).toThrow(expect.objectContaining({ code: 'CREDHUB_REF' }))
  })
})

it('[70] what readers return is hidden as a whole', () => {
  const credentials = {
    uri: 'mysql://SECRET:SECRET@h/d',
    clientid: 'c',
    clientsecret: 'SECRET',
    url: 'https://SECRET@h',
    ca: PEM,
  }
  for (const reader of [readMysql, readOauth, readHttp]) {
    const service = reader({ credentials })
    expect(inspect(service, { depth: 9, showHidden: true }) + JSON.stringify(service)).not.toMatch(/SECRET|BEGIN/)
  }
})
