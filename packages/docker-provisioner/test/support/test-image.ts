import { dockerEngine } from '../../src/engine/docker/docker-engine.js'
import { whyNoDocker } from './docker-answers.js'

export type TestImageName = 'redis' | 'postgresql' | 'mariadb' | 'mysql' | 'rabbitmq'

/** The image that tests run; `OSB_TEST_POSTGRESQL_IMAGE` and the like name another one, such as the official image. */
export function testImage(name: TestImageName): string {
  return process.env[`OSB_TEST_${name.toUpperCase()}_IMAGE`] ?? `osb-test/${name}:debian`
}

/**
 * Why tests that run these images are to be skipped; undefined where all are on the engine.
 * @throws with `OSB_REQUIRE_DOCKER=1` where one is missing, so that the test file fails at once instead of skipping
 */
export async function whyNoImage(...names: readonly TestImageName[]): Promise<string | undefined> {
  const reason = await whyNoDocker()
  if (reason !== undefined) return reason
  for (const name of names) {
    if (await dockerEngine().hasImage(testImage(name))) continue
    const missing = `${testImage(name)} is not on the engine; npm run test:images makes it`
    if (process.env['OSB_REQUIRE_DOCKER'] === '1') throw new Error(missing)
    return missing
  }
  return undefined
}
