export type { StoreContractCase } from './stores/contract/contract-case.js'
export { storeContract } from './stores/contract/store-contract.js'
