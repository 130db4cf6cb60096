import { dockerEngine } from '../../src/engine/docker/docker-engine.js'

/**
 * Why tests on a real Docker engine are to be skipped; undefined where one answers. With `OSB_REQUIRE_DOCKER=1` they
 * are never skipped, so that they fail where none answers.
 */
export async function whyNoDocker(): Promise<string | undefined> {
  if (process.env['OSB_REQUIRE_DOCKER'] === '1') return undefined
  try {
    await dockerEngine().info({ timeoutMs: 3_000 })
    return undefined
  } catch (error) {
    return `no Docker engine answers (${error instanceof Error ? error.message : String(error)})`
  }
}
