import { describe, expect, it } from 'vitest'
import { readHttp, readMongodb, readOauth, readRabbitmq, readRedis, readSmtp } from '../readers.js'
import { PEM, pemOnOneLine } from '../../test/support/pem-samples.js'

// The shapes are those of real services: their fields and spellings come from the sources named; the values are ours.

const read =
  <Service>(reader: (holder: { name: string; credentials: Record<string, unknown> }) => Service) =>
  (credentials: Record<string, unknown>) => ({ ...reader({ name: 's', credentials }) })

const verified = { verify: 'full', ca: null, cert: null, key: null }

describe('Redis', () => {
  it.each([
    [
      'Redis Cloud (the founding document)',
      { port: '6379', host: 'h', password: 'p' },
      { host: 'h', port: 6379, username: null, tls: null, database: null },
    ],
    ['p-redis (java-cfenv)', { host: 'h', password: 'p', port: 45_470 }, { host: 'h', port: 45_470 }],
    [
      'tls_port (java-cfenv#54)',
      { hostname: 'h', port: '6379', username: 'u', password: 'p', tls_port: '16379' },
      { port: 16_379, username: 'u', tls: verified },
    ],
    [
      'GOV.UK PaaS: tls_enabled',
      { host: 'h', port: 6379, password: 'p', tls_enabled: true, uri: 'rediss://:p@h:6379' },
      { port: 6379, tls: verified },
    ],
    [
      'a URI alone',
      { uri: 'rediss://:p%40@h:1/3' },
      { host: 'h', port: 1, username: null, password: 'p@', database: 3, tls: verified },
    ],
    ['TLS refused beside a TLS port', { host: 'h', port: 1, tls_port: 2, tls: false }, { port: 1, tls: null }],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readRedis)(credentials)).toMatchObject(expected)
  })
})

describe('RabbitMQ', () => {
  const amqp = {
    host: 'h',
    hosts: ['h'],
    port: 5672,
    username: 'u',
    password: 'p',
    vhost: 'v',
    ssl: false,
    uri: 'amqp://u:p@h:5672/v',
  }
  const amqps = { ...amqp, port: 5671, ssl: true, uri: 'amqps://u:p@h:5671/v' }

  it.each([
    [
      'CloudAMQP (the founding document)',
      { uri: 'amqp://u:p@h/v' },
      { host: 'h', port: 5672, username: 'u', password: 'p', vhost: 'v', tls: null },
    ],
    [
      'several URIs (java-cfenv)',
      { uri: 'amqp://u:p@h/v', http_api_uri: 'https://u:p@h/api', uris: ['amqp://u:p@h1/v', 'amqp://u:p@h2:1/v'] },
      {
        hosts: [
          { host: 'h1', port: 5672 },
          { host: 'h2', port: 1 },
        ],
        host: 'h1',
        vhost: 'v',
      },
    ],
    [
      'p-rabbitmq: protocols',
      { ssl: false, protocols: { amqp, management: { uri: 'http://u:p@h:15672/api/' } }, hostname: 'h' },
      { port: 5672, vhost: 'v', tls: null },
    ],
    [
      'p-rabbitmq with TLS',
      { ssl: true, protocols: { amqp, 'amqp+ssl': amqps } },
      { port: 5671, vhost: 'v', tls: verified },
    ],
    ['p-rabbitmq with TLS alone', { protocols: { 'amqp+ssl': amqps } }, { port: 5671, tls: verified }],
    [
      'AppFog: url, pass',
      { hostname: 'h', port: 10_004, vhost: 'v', user: 'u', pass: 'p', url: 'amqp://x:y@h:10004/w' },
      { port: 10_004, username: 'u', password: 'p', vhost: 'v' },
    ],
    [
      'bulletinboard: no path',
      { hostname: 'h', password: 'p', uri: 'amqp://u:p@h:5672', username: 'u' },
      { vhost: '/' },
    ],
    ['a vhost that is encoded', { uri: 'amqps://u:p@h/a%2Fb' }, { vhost: 'a/b', port: 5671, tls: verified }],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readRabbitmq)(credentials)).toMatchObject(expected)
  })
})

describe('MongoDB', () => {
  const login = { username: 'u', password: 'p', database: 'd' }

  it.each([
    [
      '[56] several hosts and ssl=true (node-cfenv#21)',
      { uri: 'mongodb://u:p@h1:1,h2:2/d?ssl=true&replicaSet=rs' },
      {
        ...login,
        hosts: [
          { host: 'h1', port: 1 },
          { host: 'h2', port: 2 },
        ],
        tls: verified,
        parameters: { replicaSet: 'rs' },
        isSrv: false,
      },
    ],
    [
      'SAP (Multitenant-demo): dbname, port as text',
      { hostname: 'h', port: '27017', username: 'u', password: 'p', dbname: 'd', uri: 'mongodb://u:p@h:27017/d' },
      { ...login, host: 'h', port: 27_017, tls: null },
    ],
    ['AppFog: db', { hostname: 'h', port: 27_017, username: 'u', password: 'p', name: '', db: 'd' }, login],
    [
      '[56] SRV',
      { uri: 'mongodb+srv://u:p@c.example.com/d?authSource=admin', host: 'other' },
      { ...login, isSrv: true, host: 'c.example.com', tls: verified, parameters: { authSource: 'admin' } },
    ],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readMongodb)(credentials)).toMatchObject(expected)
  })
})

describe('SMTP', () => {
  it.each([
    [
      'SendGrid (cf-docs): no port',
      { hostname: 'h', username: 'u', password: 'p' },
      { host: 'h', port: 587, username: 'u', password: 'p', tls: null, isImplicitTls: false },
    ],
    ['port 465', { host: 'h', port: '465' }, { port: 465, tls: verified, isImplicitTls: true }],
    ['smtps:', { uri: 'smtps://u:p@h' }, { port: 465, tls: verified, isImplicitTls: true }],
    ['STARTTLS required', { host: 'h', tls: true }, { port: 587, tls: verified, isImplicitTls: false }],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readSmtp)(credentials)).toMatchObject(expected)
  })
})

describe('OAuth and XSUAA', () => {
  it.each([
    [
      'p-identity (java-cfenv)',
      { auth_domain: 'https://login.example.com', client_id: 'c', client_secret: 's' },
      {
        clientId: 'c',
        clientSecret: 's',
        tokenUrl: 'https://login.example.com/oauth/token',
        jwksUrl: 'https://login.example.com/token_keys',
      },
    ],
    [
      'XSUAA (bulletinboard): the key on one line',
      {
        clientid: 'sb-c!t1',
        clientsecret: 's',
        url: 'https://t.example.com/',
        identityzoneid: 'z',
        tenantid: 't',
        verificationkey: pemOnOneLine,
        xsappname: 'x!t1',
      },
      {
        clientId: 'sb-c!t1',
        url: 'https://t.example.com',
        verificationKey: PEM,
        xsappname: 'x!t1',
        tenantId: 't',
        certificate: null,
      },
    ],
    [
      'XSUAA with X.509',
      {
        clientid: 'c',
        certificate: PEM.replaceAll('\n', String.raw`\n`),
        key: PEM,
        certurl: 'https://t.cert.example.com',
        url: 'https://t.example.com',
      },
      { clientSecret: null, tokenUrl: 'https://t.cert.example.com/oauth/token', certificate: PEM, key: PEM },
    ],
    [
      'a service key with uaa in it (SAP Subscription Billing)',
      { url: 'https://api.example.com', uaa: { clientid: 'c', clientsecret: 's', url: 'https://t.example.com' } },
      { clientId: 'c', url: 'https://t.example.com' },
    ],
    [
      'App ID (appid-serversdk-nodejs)',
      { clientId: 'c', secret: 's', tenantId: 't', oauthServerUrl: 'https://id.example.com/oauth/v4/t' },
      { clientSecret: 's', tokenUrl: 'https://id.example.com/oauth/v4/t/token' },
    ],
    [
      'config server: a token URI',
      {
        uri: 'https://config.example.com',
        client_id: 'c',
        client_secret: 's',
        access_token_uri: 'https://uaa.example.com/oauth/token',
      },
      { tokenUrl: 'https://uaa.example.com/oauth/token' },
    ],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readOauth)(credentials)).toMatchObject(expected)
  })
})

describe('HTTP', () => {
  it.each([
    [
      'the collector of the founding document',
      { uri: 'http://50.50.1.4:5000/collector/api/v1.0/' },
      { url: 'http://50.50.1.4:5000/collector/api/v1.0/', authorization: null, tls: null },
    ],
    [
      'a login in the URL',
      { url: 'https://u:p%40@h/x@y?z' },
      { url: 'https://h/x@y?z', username: 'u', password: 'p@', authorization: `Basic ${btoa('u:p@')}`, tls: verified },
    ],
    [
      'Vault (java-cfenv): address',
      { address: 'https://vault.example.com/', auth: { token: 't' } },
      { url: 'https://vault.example.com/' },
    ],
    ['an API key', { endpoint: 'https://h', 'api-key': 'k' }, { token: 'k', authorization: 'Bearer k' }],
  ])('%s', (_source, credentials, expected) => {
    expect(read(readHttp)(credentials)).toMatchObject(expected)
  })
})
