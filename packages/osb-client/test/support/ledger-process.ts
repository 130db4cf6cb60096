// A platform that provisions with a ledger in a file, to be killed in the middle of it: node ledger-process.ts URL FILE
import { createBrokerClient, fileLedger } from '../../src/index.js'

const [url = '', path = ''] = process.argv.slice(2)
const client = createBrokerClient({ url, auth: 'none', ledger: await fileLedger(path) })
await client.provision({ instance_id: 'i', service_id: 's', plan_id: 'p' })
