import { schemaMutants } from './schemas.js'
import { provisionAnswerMutants } from './provision-answers.js'
import { messageMutants } from './messages.js'
import { bindingDataMutants } from './binding-data.js'
import { rotationMutants } from './rotation.js'
import { concurrencyMutants } from './concurrency.js'
import { restartMutants } from './restarts.js'
import { robustnessMutants } from './robustness.js'
import { bindMutants } from './bind.js'
import { catalogMutants } from './catalog.js'
import { deleteMutants } from './delete.js'
import { fetchMutants } from './fetch.js'
import { headerMutants } from './headers.js'
import { lastOperationMutants } from './last-operation.js'
import type { Mutant } from './mutant.js'
import { probeMutants } from './probes.js'
import { provisionMutants } from './provision.js'
import { unseenMutants } from './unseen.js'
import { updateMutants } from './update.js'
import { versionMutants } from './versions.js'

/** The corpus: brokers that are wrong on purpose, each in one way. */
export const mutants: readonly Mutant[] = [
  ...catalogMutants,
  ...schemaMutants,
  ...headerMutants,
  ...messageMutants,
  ...provisionMutants,
  ...provisionAnswerMutants,
  ...fetchMutants,
  ...updateMutants,
  ...bindMutants,
  ...bindingDataMutants,
  ...rotationMutants,
  ...deleteMutants,
  ...lastOperationMutants,
  ...concurrencyMutants,
  ...robustnessMutants,
  ...restartMutants,
  ...versionMutants,
  ...probeMutants,
  ...unseenMutants,
]
