import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { searchPath, wrapper } from './definitions.mjs'

const execute = promisify(execFile)
/** Label with the hash of what an image was made from; the same hash is not made again. */
const CONTENT = 'osb.test-image'
const UNUSED = ['doc', 'man', 'locale', 'info', 'lintian', 'bash-completion'].map((name) => `usr/share/${name}`)

/** @param {string} name */
export const referenceOf = (name) => `osb-test/${name}:debian`

/** @param {unknown} content */
export function hashOf(content) {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}

/**
 * Whether the engine has an image of this content.
 * @param {string} name
 * @param {string} content
 */
export async function isThere(name, content) {
  const format = `{{index .Config.Labels "${CONTENT}"}}`
  const found = await execute('docker', ['image', 'inspect', '--format', format, referenceOf(name)]).catch(() => null)
  return found?.stdout.trim() === content
}

/**
 * The image that all others stand on: busybox with all its commands, and the libraries that several of them need.
 * @param {string} root
 * @param {string} content
 */
export async function importBase(root, content) {
  await removeUnused(root, [])
  await Promise.all(['tmp', 'usr/bin', 'bin', 'var', 'etc'].map((name) => mkdir(join(root, name), { recursive: true })))
  await chmod(join(root, 'tmp'), 0o1777)
  const { stdout } = await execute(join(root, 'bin/busybox'), ['--list'])
  for (const applet of stdout.trim().split('\n')) {
    const path = join(root, 'bin', applet)
    if (applet !== 'busybox' && !existsSync(path)) await symlink('busybox', path)
  }
  if (!existsSync(join(root, 'usr/bin/env'))) await symlink('/bin/busybox', join(root, 'usr/bin/env'))
  await pipe(root, ['import', '--change', `LABEL ${CONTENT}=${content}`, '-', referenceOf('base')])
}

/**
 * A thin image on the base.
 * @param {import('./definitions.mjs').ImageDefinition} image
 * @param {string} folder has `rootfs` already
 * @param {string} content
 */
export async function buildImage(image, folder, content) {
  const root = join(folder, 'rootfs')
  await removeUnused(root, image.remove ?? [])
  await mkdir(join(root, 'usr/local/osb-test'), { recursive: true })
  for (const client of image.clients) {
    await writeFile(join(root, 'usr/local/osb-test', client), wrapper(client), { mode: 0o755 })
  }
  await mkdir(join(root, 'etc'), { recursive: true })
  const account = `${image.user}:x:999:999::/tmp:/bin/sh\n`
  await writeFile(join(root, 'etc/passwd'), `root:x:0:0:root:/:/bin/sh\n${account}`)
  await writeFile(join(root, 'etc/group'), `root:x:0:\n${image.user}:x:999:\n`)
  const lines = [
    `FROM ${referenceOf('base')}`,
    'COPY rootfs/ /',
    `LABEL ${CONTENT}=${content}`,
    `ENV PATH=${searchPath(image)} LANG=C.UTF-8`,
    'USER 999:999',
    'CMD ["sh"]',
  ]
  await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
  await pipe(folder, ['build', '--quiet', '--force-rm', '--tag', referenceOf(image.name), '-'])
}

/**
 * @param {string} root
 * @param {readonly string[]} more
 */
async function removeUnused(root, more) {
  for (const path of [...UNUSED, ...more]) await rm(join(root, path), { recursive: true, force: true })
}

/**
 * Sends a folder as a tar to a command of the docker client.
 * @param {string} folder
 * @param {readonly string[]} args
 * @returns {Promise<void>}
 */
function pipe(folder, args) {
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', ['--owner=0', '--group=0', '-C', folder, '-c', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // The classic builder: it needs no plug-in and takes a tar from its input.
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    const docker = spawn('docker', args, { env, stdio: [tar.stdout, 'ignore', 'pipe'] })
    let log = ''
    docker.stderr?.setEncoding('utf8').on('data', (text) => (log += text))
    docker.once('error', reject)
    tar.once('error', reject)
    docker.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`docker ${args[0]} ended with ${code}: ${log.slice(-2_000)}`))
    })
  })
}
