import { type ConformanceOptions, type ConformanceReport, runConformance } from '../../src/conformance.js'
import { type Clock, systemClock } from '../../src/clock.js'
import { login, type TestBroker } from './brokers/test-broker.js'
import type { VariantAuth } from './variants/variant.js'

interface HowToRun extends Partial<ConformanceOptions> {
  readonly login?: VariantAuth
  readonly basePath?: string
}

const longestSleepMs = 20

/** Sleeps no longer than a test has to, whatever a broker asks for. */
const impatient: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, longestSleepMs), signal),
}

/** Lets the checker loose on a broker of this process, and closes that. @returns the report */
export async function runChecker(broker: TestBroker, how: HowToRun = {}): Promise<ConformanceReport> {
  const { login: auth = login, basePath = '', ...options } = how
  const run = runConformance({
    url: `http://broker.test${basePath}`,
    auth,
    fetch: (url, init) => broker.fetch(new Request(url, init)),
    polling: { startIntervalMs: 1, maxIntervalMs: 4, maximumPollingMs: 5_000 },
    seed: 1,
    clock: impatient,
    restart: broker.restart,
    ...options,
  })
  try {
    for (;;) {
      const next = await run.next()
      if (next.done) return next.value
    }
  } finally {
    await broker.close()
  }
}
