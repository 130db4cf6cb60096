export { parseDump } from './dump/parse-dump.js'
export type { VcapDump } from './dump/parse-dump.js'
export { readDumpFile } from './dump/read-dump-file.js'
export type { DumpRepair, RepairCode } from './dump/repairs.js'
