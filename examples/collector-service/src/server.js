import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { requestHandler } from './handle-request.js'
import { watchLogins } from './logins.js'
import { openRecordStore } from './record-store.js'

const host = process.env.HOST ?? '127.0.0.1'
const port = Number(process.env.PORT ?? 5000)
const folder = process.env.DATA_DIR ?? 'data'

await mkdir(folder, { recursive: true })
const records = await openRecordStore(join(folder, 'records.ndjson'))
const server = createServer(requestHandler(records, watchLogins(folder)))

server.listen(port, host, () => {
  const address = server.address()
  const actual = typeof address === 'object' ? address?.port : port
  console.log(`collector listens on ${host}:${actual}, ${records.count()} records`)
})
server.on('error', (error) => {
  console.error(`collector cannot listen: ${error.message}`)
  process.exit(1)
})

let stopping = false
/** Answers what has begun, then ends. */
function stop() {
  if (stopping) return
  stopping = true
  server.close(() => void records.close().then(() => process.exit(0)))
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 5_000).unref()
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
