// The recipes' tests on the official images, which only a registry has. Each image is pinned by its digest in
// official-digests.json; one that has no pin yet gets that of the tag when a registry first answers, to be committed.
import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const PULL_MS = 600_000
const DIGESTS = fileURLToPath(new URL('official-digests.json', import.meta.url))
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** By the name that the tests know them by. */
const OFFICIAL = [
  { name: 'redis', repository: 'redis', tag: '8', tests: 'src/recipes/redis-recipe.docker.test.ts' },
  { name: 'postgresql', repository: 'postgres', tag: '17', tests: 'src/recipes/postgresql/' },
  { name: 'mariadb', repository: 'mariadb', tag: '11.4', tests: 'src/recipes/mysql/' },
  { name: 'mysql', repository: 'mysql', tag: '8.4', tests: 'src/recipes/mysql/' },
  { name: 'rabbitmq', repository: 'rabbitmq', tag: '4', tests: 'src/recipes/rabbitmq/' },
]

/** @typedef {typeof OFFICIAL[number]} OfficialImage */

/**
 * Fetches one image.
 * @param {OfficialImage} image
 * @param {string | undefined} pin such as `sha256:…`
 * @returns {Promise<{ digest: string } | { reason: string }>}
 */
async function pull({ repository, tag }, pin) {
  const reference = pin === undefined ? `${repository}:${tag}` : `${repository}@${pin}`
  try {
    await execute('docker', ['pull', '--quiet', reference], { timeout: PULL_MS })
    if (pin !== undefined) return { digest: pin }
    const { stdout } = await execute('docker', ['image', 'inspect', '--format', '{{json .RepoDigests}}', reference])
    const digest = JSON.parse(stdout).find((/** @type {string} */ found) => found.startsWith(`${repository}@`))
    return digest === undefined ? { reason: `${reference} has no digest` } : { digest: digest.split('@')[1] }
  } catch (error) {
    const { stderr = '', message } = /** @type {{ stderr?: string, message: string }} */ (error)
    return { reason: stderr.trim().split('\n').at(-1) || message }
  }
}

/** @returns {Promise<number>} the exit code: that of the tests, and 0 where no registry answers, which is said */
export async function testOfficial() {
  /** @type {Record<string, string>} */
  const pins = JSON.parse(await readFile(DIGESTS, 'utf8'))
  /** @type {Record<string, string>} */
  const variables = {}
  /** @type {string[]} */
  const files = []
  for (const image of OFFICIAL) {
    const { name, repository, tag, tests } = image
    const found = await pull(image, pins[`${repository}:${tag}`])
    if ('reason' in found) {
      console.log(
        `${repository}:${tag} could not be fetched, so the tests of ${name} are not run on it: ${found.reason}`,
      )
      continue
    }
    console.log(`${repository}:${tag} is ${found.digest}`)
    pins[`${repository}:${tag}`] = found.digest
    variables[`OSB_TEST_${name.toUpperCase()}_IMAGE`] = `${repository}@${found.digest}`
    if (!files.includes(tests)) files.push(tests)
  }
  if (files.length === 0) {
    console.log('No registry answers: nothing was run on an official image.')
    return 0
  }
  await writeFile(DIGESTS, `${JSON.stringify(pins, null, 2)}\n`)
  const args = [join(ROOT, 'scripts', 'test.mjs'), '--project', 'docker-provisioner', ...files]
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...variables, OSB_REQUIRE_DOCKER: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status ?? 1
}
