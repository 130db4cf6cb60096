import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCertificate {
  readonly key: string
  readonly cert: string
}

export interface TestCertificates {
  readonly ca: TestCertificate
  /** For localhost and 127.0.0.1. */
  readonly server: TestCertificate
  /** CN `cloud_controller`, OU `cf`, and two alternative names. */
  readonly client: TestCertificate
  /** As the client's, but signed by itself. */
  readonly stranger: TestCertificate
}

export const clientNames = ['URI:spiffe://cf.example/cc', 'DNS:cc.example']
const clientExtension = `subjectAltName=${clientNames.join(',')}`

/** Makes certificates with the command of OpenSSL; undefined where there is none. */
export function makeCertificates(): TestCertificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'osb-certificates-'))
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 20_000 })
  const read = (name: string) => ({
    key: readFileSync(file(`${name}.key`), 'utf8'),
    cert: readFileSync(file(`${name}.pem`), 'utf8'),
  })
  function make(name: string, subject: string, ...more: string[]): TestCertificate {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
    openssl('req', '-x509', ...key, '-out', `${name}.pem`, '-subj', subject, '-days', '2', ...more)
    return read(name)
  }
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key']
  const client = '/CN=cloud_controller/OU=cf'
  try {
    const ca = make('ca', '/CN=test authority')
    const server = make('server', '/CN=localhost', ...signed, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    return {
      ca,
      server,
      client: make('client', client, ...signed, '-addext', clientExtension),
      stranger: make('stranger', client, '-addext', clientExtension),
    }
  } catch (error) {
    console.warn(`no certificates for tests: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
