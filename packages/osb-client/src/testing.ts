/**
 * For tests of platforms: a broker that fails as it is told, and a clock that does not wait.
 * @module
 */
export { type FakeClock, fakeClock } from './testing/fake-clock.js'
export { type FakeBroker, type FakeBrokerOptions, type FakeRequest, startFakeBroker } from './testing/fake-broker.js'
export type { FakeFault } from './testing/fake-fault.js'
