import { isVcapError, readVcapServices } from 'vcap-services'
import { z } from 'zod'
import { CollectorError, exchange } from './exchange.js'

const Credentials = z.object({ uri: z.url(), username: z.string(), password: z.string() })

const count = Number(process.argv[2] ?? 100)

try {
  if (!Number.isInteger(count) || count < 1) throw new CollectorError(`not a number of records: ${process.argv[2]}`)
  const service = readVcapServices().credentials({ label: 'collector' }, Credentials)
  const { written, milliseconds } = await exchange(service, count)
  console.log(`collector-app: wrote ${written} records and read the same back in ${milliseconds} ms`)
} catch (error) {
  if (!isVcapError(error) && !(error instanceof CollectorError)) throw error
  console.error(`collector-app: ${error.message}`)
  process.exitCode = 1
}
