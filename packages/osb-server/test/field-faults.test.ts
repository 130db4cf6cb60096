import { Buffer } from 'node:buffer'
import { expect, it, vi } from 'vitest'
import type { BrokerBackend, RequestDetails } from '../src/backend.js'
import { OsbError } from '../src/errors.js'
import { basicAuth } from '../src/auth/basic-auth.js'
import { createBroker } from '../src/lifecycle/create-broker.js'
import { memoryStore } from '../src/stores/memory-store.js'
import { type Answered, binding, catalog, fakeBroker, ids, instance, provisionBody, send } from './support/wire.js'
import { type Answer, gate, incomplete, testBroker } from './support/test-broker.js'

/**
 * What other frameworks get wrong, read in their sources: GO is cloudfoundry/brokerapi v13 and its applications CSB
 * (cloudfoundry/cloud-service-broker), SPR spring-cloud/spring-cloud-open-service-broker 4.3, PY
 * eruvanos/openbrokerapi 4.7, CS TypedRest/OpenServiceBroker, PM pmorie/osb-broker-lib, SAP @sap/sbf 6.11, EVO
 * evoila/osb, UNI meshcloud/unipipe-service-broker, IBM IBM/onboarding-osb-node.
 */
type Fault = [source: string, fault: string, check: () => Promise<void>]

const put = (broker: ReturnType<typeof fakeBroker>, body: unknown = provisionBody, headers = {}) =>
  send(broker, `PUT ${instance}`, { body, headers })
const quiet = { onError: () => undefined }
const oneCall = (name: keyof BrokerBackend, outcome: unknown) => {
  const call = vi.fn(async (..._rest: unknown[]) => outcome)
  return { call, own: { [name]: call } as unknown as Partial<BrokerBackend> }
}
const firstCall = (call: ReturnType<typeof vi.fn>) => call.mock.calls[0] as [Record<string, unknown>, RequestDetails]
const identity = (text: string) => ({ 'X-Broker-API-Originating-Identity': text })
const user = `cloudfoundry ${btoa('{"user_id":"u"}')}`
const described = (answer: Answer | Answered) => (answer.body as { description?: unknown }).description
