import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCertificate {
  readonly key: string
  readonly cert: string
}

/** An authority, what it signed, and a self-signed certificate. */
export interface TestCertificates {
  readonly ca: TestCertificate
  /** For localhost, 127.0.0.1 and broker.test. */
  readonly server: TestCertificate
  readonly client: TestCertificate
  /** For the same names as the server's, signed by itself. */
  readonly selfSigned: TestCertificate
}

const names = 'subjectAltName=DNS:localhost,DNS:broker.test,IP:127.0.0.1'

/** Makes certificates with the command of OpenSSL; undefined where there is none. */
export function makeCertificates(): TestCertificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'osb-client-certificates-'))
  function make(name: string, subject: string, ...more: string[]): TestCertificate {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
    const args = ['req', '-x509', ...key, '-out', `${name}.pem`, '-subj', subject, '-days', '2', ...more]
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 20_000 })
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    return { key: read(`${name}.key`), cert: read(`${name}.pem`) }
  }
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key']
  try {
    return {
      ca: make('ca', '/CN=test authority'),
      server: make('server', '/CN=localhost', ...signed, '-addext', names),
      client: make('client', '/CN=platform', ...signed),
      selfSigned: make('self-signed', '/CN=localhost', '-addext', names),
    }
  } catch (error) {
    console.warn(`no certificates for tests: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
