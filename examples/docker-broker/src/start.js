// Starts docker-broker on Cloud Foundry: what VCAP_SERVICES says becomes what broker.cloud-foundry.yaml asks for. Arguments
// are those of docker-broker. Secrets go into the environment and into files that only this app reads.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readVcapServices } from 'vcap-services'
import { readPostgres, toPostgresUrl } from 'vcap-services/readers'
import { z } from 'zod'

const dockerHost = z.object({
  host: z.string(),
  publish_host: z.string(),
  ca: z.string(),
  cert: z.string(),
  key: z.string(),
})

const services = readVcapServices()
const database = toPostgresUrl(readPostgres(services.get({ tag: /^postgres(ql)?$/ })))
const docker = services.credentials({ tag: 'docker' }, dockerHost)

const folder = mkdtempSync(join(tmpdir(), 'docker-certificates-'))
for (const name of /** @type {const} */ (['ca', 'cert', 'key'])) {
  writeFileSync(join(folder, `${name}.pem`), docker[name], { mode: 0o600 })
}

const broker = spawn('docker-broker', process.argv.slice(2), {
  stdio: 'inherit',
  env: {
    ...process.env,
    DATABASE_URL: database,
    DOCKER_ENGINE_HOST: docker.host,
    DOCKER_PUBLISH_HOST: docker.publish_host,
    DOCKER_CERTIFICATES: folder,
    PATH: `${join(import.meta.dirname, '..', 'node_modules', '.bin')}:${process.env['PATH']}`,
  },
})
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.on(signal, () => broker.kill(signal))
broker.once('error', (error) => {
  console.error(`docker-broker cannot be started: ${error.message}`)
  end(1)
})
broker.once('exit', (code) => end(code ?? 1))

/** @param {number} code */
function end(code) {
  rmSync(folder, { recursive: true, force: true })
  process.exitCode = code
}
