import { dockerEngine } from '../../src/engine/docker/docker-engine.js'

/**
 * Why tests on a real Docker engine are to be skipped; undefined where one answers.
 * @throws with `OSB_REQUIRE_DOCKER=1` where none answers, so that the test file fails at once instead of skipping
 */
export async function whyNoDocker(): Promise<string | undefined> {
  try {
    await dockerEngine().info({ timeoutMs: 3_000 })
    return undefined
  } catch (error) {
    if (process.env['OSB_REQUIRE_DOCKER'] === '1') throw error
    return `no Docker engine answers (${error instanceof Error ? error.message : String(error)})`
  }
}
